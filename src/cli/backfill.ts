import { Option } from "commander";
import { parsePeriod } from "../period.ts";
import { choosePipeline } from "./choose-pipeline.ts";
import {
  act,
  asOfOption,
  type CommonOptions,
  configFor,
  makeCommand,
  readCount,
} from "./command.ts";
import { loadQueue } from "./load-queue.ts";
import { openLog, printResult } from "./terminal.ts";

interface BackfillOptions extends CommonOptions {
  readonly from: string;
  readonly to: string;
  readonly concurrency: string;
  readonly force?: boolean;
}

const spanOption = (flag: string, description: string) =>
  new Option(flag, description).argParser((text) => parsePeriod(text).id).makeOptionMandatory();

/** `zhengxin backfill`: many periods through the queue, in order. */
export function backfillCommand() {
  return makeCommand(
    "backfill",
    "Queue every period of a span, in order; given again, it goes on where it was.",
    [
      "backfill qingdao --from 2016-01 --to 2018-12",
      "backfill --from 2017 --to 2018 --concurrency 2",
    ],
  )
    .argument("[pipeline]", "name of a file in pipelines/")
    .addOption(spanOption("--from <period>", "first period"))
    .addOption(spanOption("--to <period>", "last period"))
    .addOption(asOfOption())
    .option("--concurrency <count>", "runs under way at once", readCount, "1")
    .option("--force", "run what is done already once more")
    .action(
      act(async (named: string | undefined, options: BackfillOptions) => {
        const config = configFor(options);
        const log = openLog(config);
        const { startBackfill, visitQueues } = await loadQueue();
        const backfill = await visitQueues(config, log, (queues, redis) =>
          startBackfill(config, queues, redis, log, {
            pipeline: choosePipeline(config.workspace, named),
            from: options.from,
            to: options.to,
            asOf: options.asOf,
            concurrency: Number(options.concurrency),
            force: options.force,
          }),
        );
        const { id, pipeline, periods, asOf } = backfill;
        printResult(
          options.json,
          { backfill: id, pipeline, periods, as_of: asOf },
          `${pipeline}: ${periods.length} periods, ${periods[0]} to ${periods.at(-1)}, as of ${asOf}, are in the queue; "zhengxin up" or "zhengxin worker" works on them, "zhengxin jobs" shows how far they are.`,
        );
        return undefined;
      }),
    );
}
