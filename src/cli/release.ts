import { audited } from "../audit/audited.ts";
import { releaseTexts } from "../release.ts";
import { chooseAsOf } from "../run-context.ts";
import { keepSafe } from "../safekeeping.ts";
import { findSources } from "../standard/workspace.ts";
import { pipelineOfSource } from "./choose-pipeline.ts";
import {
  act,
  asOfOption,
  type CommonOptions,
  configFor,
  makeCommand,
  readReason,
} from "./command.ts";
import { openHeld } from "./open-held.ts";
import { printResult } from "./terminal.ts";

interface ReleaseOptions extends CommonOptions {
  readonly reason: string;
  readonly all?: boolean;
  readonly by?: string;
  readonly pipeline?: string;
}

/** `zhengxin release`: public texts that were held back, since they look like somebody's number, are shown. */
export function releaseCommand() {
  return makeCommand(
    "release",
    "Show public texts that are held back because they look like somebody's number or address, after a person has looked.",
    [
      'release hotline-orders category withheld-9f3c51d20a114b7e --reason "number of a form, looked at"',
      'release hotline-orders record_key --all --reason "order numbers are of eleven digits"',
    ],
  )
    .argument("<source>", "id of the source")
    .argument("<column>", "core column, as record_key")
    .argument("[mark...]", "what stands in place of the texts; `quarantine` lists them")
    .requiredOption("--reason <text>", "why, for the journal; no names or numbers of persons")
    .option("--all", "hold nothing of this column back any more")
    .option("--by <office>", "office that acts, never a person")
    .option("--pipeline <name>", "name of a file in pipelines/, where several use the source")
    .addOption(asOfOption())
    .action(
      act(async (source: string, column: string, marks: string[], options: ReleaseOptions) => {
        const done = await release({ source, column, marks }, options);
        printResult(
          options.json,
          done,
          `已放行，自 ${done.known_at} 起；下次运行生效。\nReleased as of ${done.known_at}; the next run goes by it.`,
        );
        return undefined;
      }),
    );
}

async function release(
  asked: { readonly source: string; readonly column: string; readonly marks: readonly string[] },
  options: ReleaseOptions,
) {
  const { source: id, column, marks } = asked;
  const all = options.all ?? false;
  if (all === marks.length > 0) {
    throw new Error("请写明代号，或用 --all。Give marks, or --all, and not both.");
  }
  const reason = readReason(options);
  const config = configFor(options);
  const pipeline = pipelineOfSource(config.workspace, id, options.pipeline);
  const source = findSources(config.workspace, pipeline).find((each) => each.source === id);
  if (!source) throw new Error(`流水线没有来源“${id}”。The pipeline has no source "${id}".`);
  const { store } = await openHeld(config, pipeline);
  try {
    const known_at = await audited(
      config,
      {
        jurisdiction: pipeline.jurisdiction,
        actor: options.by,
        action: "text.release",
        target: `${id}/${column}`,
        detail: { reason, marks: all ? "all" : marks.join(" ") },
      },
      async () => {
        const from = await releaseTexts(store, {
          source,
          column,
          marks,
          reason,
          knownAt: options.asOf ?? chooseAsOf(pipeline),
        });
        await keepSafe(store);
        return from;
      },
    );
    return { source: id, column, marks, known_at };
  } finally {
    store.close();
  }
}
