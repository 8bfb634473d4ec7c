import { join } from "node:path";
import { runFolder } from "../publish/layout.ts";
import { LINE, type RunResult, runPipeline, type StageName } from "../run.ts";
import {
  act,
  asOfOption,
  type CommonOptions,
  makeCommand,
  periodOption,
  withRequest,
} from "./command.ts";
import { describeEnds, readEnds } from "./ranking-ends.ts";
import { bothNames, describeOutcomes, printResult } from "./terminal.ts";

/** `zhengxin run`: the main job. */
export function runCommand() {
  return makeCommand("run", "Run a pipeline from its sources to the published report.", [
    "run",
    "run qingdao --period 2018-06",
    'run qingdao --period 2018-06 --as-of "2018-07-10 00:00:00"',
    "run connecticut --json",
  ])
    .argument("[pipeline]", "name of a file in pipelines/")
    .addOption(periodOption())
    .addOption(asOfOption())
    .action(
      act(async (pipeline: string | undefined, options: CommonOptions) => {
        const result = await withRequest(pipeline, options, runPipeline);
        try {
          await printRun(result, options.json);
        } finally {
          result.context.store.close();
        }
        return undefined;
      }),
    );
}

/** `zhengxin pull`, `conform`, `check`, `measure`, `score`, `publish`: one stage by itself. */
export function stageCommands() {
  return LINE.map(({ stage }) =>
    makeCommand(stage, STAGE_HELP[stage], [`${stage} qingdao --period 2018-06`])
      .argument("[pipeline]", "name of a file in pipelines/")
      .addOption(periodOption())
      .addOption(asOfOption())
      .action(
        act(async (pipeline: string | undefined, options: CommonOptions) => {
          const { context, outcomes } = await withRequest(pipeline, options, (config, request) =>
            runPipeline(config, request, { from: stage, through: stage }),
          );
          context.store.close();
          printResult(options.json, outcomes[0], describeOutcomes(outcomes));
          return undefined;
        }),
      ),
  );
}

const STAGE_HELP: Record<StageName, string> = {
  pull: "Fetch new files of the sources into the raw layer, as received.",
  conform: "Turn raw rows into conformed records; bad rows go to quarantine.",
  check: "Record what each source gave, and run the checks.",
  measure: "Compute the indicators of the period and its history.",
  score: "Compute scores, ranks, contributions and reasons.",
  warn: "Judge debt and conduct by the warning rules, forecast them and raise alerts.",
  publish: "Write the reports, the data files and the manifest of the period.",
};

async function printRun({ context, outcomes }: RunResult, json: boolean | undefined) {
  const folder = runFolder(
    context.dataDir,
    context.pipeline.pipeline,
    context.period.id,
    context.runId,
  );
  const ends = await readEnds(context);
  const { title, synthetic } = context.pipeline.report;
  printResult(
    json,
    {
      pipeline: context.pipeline.pipeline,
      period: context.period.id,
      as_of: context.asOf,
      run: context.runId,
      synthetic: synthetic !== undefined,
      stages: outcomes,
      published: folder,
      report: join(folder, "report.html"),
      ranking: ends,
    },
    [
      bothNames(title.zh, title.en),
      `${context.period.id}   as of ${context.asOf}   run ${context.runId}`,
      ...(synthetic ? [`** ${synthetic.zh}  ${synthetic.en} **`] : []),
      "",
      describeOutcomes(outcomes),
      "",
      describeEnds(context, ends),
      "",
      `报告 Report: ${join(folder, "report.html")}`,
      `数据 Data:   ${folder}`,
    ].join("\n"),
  );
}
