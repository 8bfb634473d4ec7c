import { audited } from "../audit/audited.ts";
import type { Config } from "../config.ts";
import { chooseAsOf } from "../run-context.ts";
import { keepSafe } from "../safekeeping.ts";
import { fileLabel } from "../standard/file-label.ts";
import type { PipelineDefinition } from "../standard/pipeline-definition.ts";
import { findFile, type WithdrawnFile, withdrawFile } from "../withdraw.ts";
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

interface WithdrawOptions extends CommonOptions {
  readonly reason: string;
  readonly undo?: boolean;
  readonly by?: string;
  readonly pipeline?: string;
}

/** `zhengxin withdraw`: a file that was received no longer counts, from a time on. */
export function withdrawCommand() {
  return makeCommand(
    "withdraw",
    "End a file that was received: from now on its rows no longer count. --undo takes it back.",
    [
      'withdraw hotline-orders orders-2018-06.csv --reason "sent by mistake, letter 2018-12"',
      'withdraw hotline-orders 9f3c51d20a11 --undo --reason "it was right after all"',
    ],
  )
    .argument("<source>", "id of the source")
    .argument("<file>", "its name as received, or the beginning of its SHA-256")
    .requiredOption("--reason <text>", "why, for the journal; no names of persons")
    .option("--undo", "take an earlier withdrawal back: the file counts again")
    .option("--by <office>", "office that acts, never a person")
    .option("--pipeline <name>", "name of a file in pipelines/, where several use the source")
    .addOption(asOfOption())
    .action(
      act(async (source: string, file: string, options: WithdrawOptions) => {
        const config = configFor(options);
        const pipeline = pipelineOfSource(config.workspace, source, options.pipeline);
        const reason = readReason(options);
        const done = await withdrawAudited(config, pipeline, { source, file, reason, options });
        printResult(options.json, done, describe(done));
        return undefined;
      }),
    );
}

async function withdrawAudited(
  config: Config,
  pipeline: PipelineDefinition,
  asked: {
    readonly source: string;
    readonly file: string;
    readonly reason: string;
    readonly options: WithdrawOptions;
  },
): Promise<WithdrawnFile> {
  const { source, file, reason, options } = asked;
  const { store } = await openHeld(config, pipeline);
  const undo = options.undo ?? false;
  const detail = { reason };
  try {
    const found = await findFile(store, { source, file, undo });
    return await audited(
      config,
      {
        jurisdiction: pipeline.jurisdiction,
        actor: options.by,
        action: undo ? "file.restore" : "file.withdraw",
        target: `${source}/${fileLabel(found.file_hash)}`,
        detail,
      },
      async () => {
        const done = await withdrawFile(store, {
          source,
          file: found,
          undo,
          reason,
          knownAt: options.asOf,
          otherwise: chooseAsOf(pipeline),
        });
        await keepSafe(store);
        return done;
      },
    );
  } finally {
    store.close();
  }
}

function describe({ source, name, sha256, event, known_at }: WithdrawnFile): string {
  const file = `${source}/${name} (${sha256.slice(0, 12)})`;
  return event === "withdrawn"
    ? `已撤下 ${file}，自 ${known_at} 起不再计入；下次运行生效，此前发布的不变。\nWithdrawn: ${file} no longer counts as of ${known_at}. The next run goes by it; what was published before stays.`
    : `已恢复 ${file}，自 ${known_at} 起重新计入；下次运行生效。\nRestored: ${file} counts again as of ${known_at}. The next run goes by it.`;
}
