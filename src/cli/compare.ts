import { resolve } from "node:path";
import {
  type Comparison,
  compareStandards,
  type MovedPart,
  movedBy,
} from "../compare-standards.ts";
import {
  act,
  asOfOption,
  type CommonOptions,
  makeCommand,
  periodOption,
  withRequest,
} from "./command.ts";
import { describeMove } from "./rank.ts";
import { bothNames, padColumns, printResult } from "./terminal.ts";

/** How many of the parts that moved a body most are named. */
const NAMED = 3;

/** `zhengxin compare`: the same evidence by two standards. */
export function compareCommand() {
  return makeCommand(
    "compare",
    "Score the same evidence by two standards: who moves and why, in a period and over its history. Nothing is published.",
    [
      "compare --standard qingdao-2018 drafts/qingdao-2019.yaml --period 2018-12",
      "compare connecticut --standard connecticut drafts/connecticut.yaml --json",
    ],
  )
    .argument("[pipeline]", "name of a file in pipelines/")
    .requiredOption(
      "--standard <two...>",
      "two standards: names in metrics/standards, or files ending in .yaml",
    )
    .addOption(periodOption())
    .addOption(asOfOption())
    .action(
      act(
        async (
          named: string | undefined,
          options: CommonOptions & { readonly standard: readonly string[] },
        ) => {
          // The pipeline may stand behind the two standards, where the option's list takes it in.
          const [one, other, ...rest] = options.standard.map((text) =>
            text.endsWith(".yaml") ? resolve(text) : text,
          );
          if (one === undefined || other === undefined || rest.length > (named ? 0 : 1)) {
            throw new Error("Give two standards: --standard <a> <b>.");
          }
          const compared = await withRequest(named ?? rest[0], options, (config, request) =>
            compareStandards(config, request, [one, other]),
          );
          printResult(options.json, compared, describeComparison(compared));
          return undefined;
        },
      ),
    );
}

function describeComparison(compared: Awaited<ReturnType<typeof compareStandards>>): string {
  const { standards, period, bodies, agreement } = compared;
  const lines = [`${standards[0]} → ${standards[1]}, ${period}`];
  let peerClass = "";
  for (const body of bodies) {
    if (body.period !== period) continue;
    if (body.peerClass !== peerClass) {
      peerClass = body.peerClass;
      lines.push("", peerClass);
    }
    lines.push(describeBody(body));
  }
  lines.push(
    "",
    "各期一致程度 Agreement by period (Spearman, Kendall, mean and largest shift, same top three)",
  );
  for (const row of agreement) {
    lines.push(
      `${row.period.padEnd(8)} ${row.peerClass.padEnd(24)} ${[row.spearman, row.kendall].map((value) => value.toFixed(3).padStart(7)).join(" ")} ${row.meanShift.toFixed(2).padStart(6)} ${String(row.largestShift).padStart(4)} ${row.sameTopThree}/3`,
    );
  }
  return lines.join("\n");
}

function describeBody({ name, rank, score, grade, why }: Comparison): string {
  const moved = (score[1] ?? 0) - (score[0] ?? 0);
  const reasons = why.slice(0, NAMED).map(describePart).join("; ");
  return `${padColumns(bothNames(name.zh, name.en), 44)} ${String(rank[0] ?? "–").padStart(3)} → ${String(rank[1] ?? "–").padEnd(3)} ${describeMove(rank[0], rank[1]).padEnd(4)} ${signed(moved).padStart(7)}  ${grade[0] ?? "–"} → ${grade[1] ?? "–"}  ${reasons}`;
}

/** A part with the points it moves, and whether its weight, its score or both changed. */
function describePart(part: MovedPart): string {
  const [was, is] = part.points;
  const words: string[] = [];
  if (was === null || is === null) words.push(was === null ? "新增 added" : "取消 removed");
  else {
    const [share, shareNow] = part.share;
    if (share !== null && shareNow !== null && Math.abs(share - shareNow) > 1e-9) {
      words.push(`权重 weight ${(share * 100).toFixed(1)} → ${(shareNow * 100).toFixed(1)}`);
    }
    const [score, scoreNow] = part.score;
    if (score !== null && scoreNow !== null && Math.abs(score - scoreNow) > 1e-9) {
      words.push(`得分 score ${score.toFixed(1)} → ${scoreNow.toFixed(1)}`);
    }
  }
  return `${part.id} ${signed(movedBy(part))}${words.length > 0 ? ` (${words.join(", ")})` : ""}`;
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
}
