import { findPublished } from "../publish/find-published.ts";
import { jurisdictionFolder } from "../run-context.ts";
import { findPipeline } from "../standard/workspace.ts";
import { verifyPublished } from "../verify.ts";
import { choosePipeline } from "./choose-pipeline.ts";
import { act, type CommonOptions, configFor, makeCommand, periodOption } from "./command.ts";
import { EXIT, openLog, openProgress, printResult } from "./terminal.ts";

/** `zhengxin verify`: proof that a published period is what its inputs and its standard give. */
export function verifyCommand() {
  return makeCommand(
    "verify",
    "Rebuild a published period from the raw files and compare every byte with its manifest.",
    [
      "verify",
      "verify qingdao --period 2018-12",
      "verify qingdao --period 2018-12 --run 0123456789abcdef",
    ],
  )
    .argument("[pipeline]", "name of a file in pipelines/")
    .addOption(periodOption())
    .option("--run <run>", "a certain run of the period; default: the latest")
    .action(
      act(async (named: string | undefined, options: CommonOptions & { readonly run?: string }) => {
        const config = configFor(options);
        const pipeline = findPipeline(config.workspace, choosePipeline(config.workspace, named));
        const dataDir = jurisdictionFolder(config, pipeline);
        const folder = findPublished(dataDir, pipeline.pipeline, {
          period: options.period,
          run: options.run,
        });
        const progress = openProgress(options.json);
        const result = await verifyPublished(
          config,
          { dataDir, folder },
          { log: openLog(config), progress },
        ).finally(() => progress.stop());
        const differences = [
          ...result.changed.map(
            ({ path, reason }) => `${path}: changed since it was published (${reason})`,
          ),
          ...result.rebuiltOtherwise.map(
            ({ path, reason }) => `${path}: comes out otherwise when rebuilt (${reason})`,
          ),
        ];
        printResult(
          options.json,
          result,
          [
            folder,
            ...differences,
            differences.length === 0
              ? `一致 ${result.files} files are those of the manifest, and rebuilding them from the raw files gives the same bytes.`
              : `不一致 ${differences.length} difference(s).`,
          ].join("\n"),
        );
        return differences.length === 0 ? EXIT.done : EXIT.differs;
      }),
    );
}
