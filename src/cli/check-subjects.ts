import { createHash } from "node:crypto";
import { Option } from "commander";
import { appendAudit } from "../audit/append.ts";
import type { RestrictedField } from "../standard/list-schema.ts";
import { findPipeline } from "../standard/workspace.ts";
import { checkSubjects, PURPOSES, type SubjectCheck } from "../subjects/check-subjects.ts";
import { describeState, readSubjectList, writeAnswersCsv } from "../subjects/subject-list.ts";
import { readBytes } from "../whole-file.ts";
import { writeWhole } from "../write-whole.ts";
import { choosePipeline } from "./choose-pipeline.ts";
import {
  act,
  asOfOption,
  type CommonOptions,
  configFor,
  makeCommand,
  periodOption,
} from "./command.ts";
import { findShown } from "./show-published.ts";
import { bothNames, padColumns, printResult } from "./terminal.ts";

interface CheckOptions extends CommonOptions {
  readonly pipeline?: string;
  readonly purpose: RestrictedField;
  readonly out?: string;
}

/** `zhengxin check-subjects`: who of a list is restricted in approvals, procurement, tenders or special funds. */
export function checkSubjectsCommand() {
  return makeCommand(
    "check-subjects",
    "Say of each subject of a list whether it is restricted, why and until when.",
    [
      "check-subjects list.csv --purpose procurement",
      "check-subjects list.csv --purpose special_funds --out answers.csv",
      'check-subjects list.csv --purpose tender --period 2018-12 --as-of "2019-01-10" --json',
    ],
  )
    .argument("<list>", "CSV with a column of codes or of names")
    .option("--pipeline <pipeline>", "name of a file in pipelines/")
    .addOption(periodOption())
    .addOption(asOfOption())
    .addOption(
      new Option("--purpose <purpose>", "what the answer is for")
        .choices(PURPOSES)
        .makeOptionMandatory(),
    )
    .option("--out <file>", "write every answer to this file: CSV, or JSON when it ends in .json")
    .action(
      act(async (list: string, options: CheckOptions) => {
        const config = configFor(options);
        const name = choosePipeline(config.workspace, options.pipeline);
        const pipeline = findPipeline(config.workspace, name);
        const { folder } = await findShown(config, pipeline, options);
        const bytes = readBytes(list);
        const subjects = readSubjectList(bytes);
        const check = await checkSubjects(folder, subjects, options.purpose, config);
        await appendAudit(config, {
          jurisdiction: pipeline.jurisdiction,
          action: "subjects.check",
          target: options.purpose,
          detail: {
            period: check.period,
            run: check.run,
            subjects: subjects.length,
            ...check.counts,
            list_sha256: createHash("sha256").update(bytes).digest("hex"),
          },
        });
        if (options.out) {
          const asJson = options.out.endsWith(".json");
          writeWhole(
            options.out,
            asJson ? `${JSON.stringify(check, null, 1)}\n` : writeAnswersCsv(check),
          );
        }
        printResult(options.json, check, describeCheck(check));
        return undefined;
      }),
    );
}

/** Everybody who is not plainly clear, and how many there are of each. */
function describeCheck({
  answers,
  counts,
  purpose,
  period,
  as_of,
  synthetic,
}: SubjectCheck): string {
  const lines = answers
    .filter(({ state }) => state !== "clear")
    .flatMap(({ code, name, state, name_zh, name_en, grounds }) => {
      const { zh, en } = describeState(state);
      const who = name_zh ? bothNames(name_zh, name_en ?? "") : (name ?? "");
      return [
        `${padColumns(code ?? "", 20)}${padColumns(who, 44)}${zh} ${en}`,
        ...grounds.map(
          (one) =>
            `    ${one.reason_zh}${one.disputed ? "【异议中】" : ""}\n    ${one.reason_en}${one.disputed ? " [disputed]" : ""}\n    ${one.since} – ${one.until ?? "修复 repair"}   ${one.measure_zh}`,
        ),
      ];
    });
  return [
    `${purpose}   ${period}, as of ${as_of}${synthetic ? "   合成数据 synthetic data" : ""}`,
    ...lines,
    Object.entries(counts)
      .map(([state, count]) => `${state} ${count}`)
      .join("   "),
  ].join("\n");
}
