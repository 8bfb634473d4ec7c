import { join } from "node:path";
import { tellPresent } from "../present.ts";
import { jurisdictionFolder, WORKING_DATABASE } from "../run-context.ts";
import { findPipeline } from "../standard/workspace.ts";
import { Store } from "../store/store.ts";
import { planTidy, type TidyPlan, tidyRuns } from "../tidy.ts";
import { choosePipeline } from "./choose-pipeline.ts";
import { act, type CommonOptions, configFor, makeCommand } from "./command.ts";
import { printResult } from "./terminal.ts";

interface TidyOptions extends CommonOptions {
  readonly do?: boolean;
}

/** `zhengxin tidy`: what is kept no longer. */
export function tidyCommand() {
  return makeCommand(
    "tidy",
    "Say which superseded publications are kept no longer by the pipeline's `keep`; with --do, take them away.",
    ["tidy", "tidy qingdao --do"],
  )
    .argument("[pipeline]", "name of a file in pipelines/")
    .option("--do", "take them away; without it nothing is changed")
    .action(
      act(async (named: string | undefined, options: TidyOptions) => {
        const config = configFor(options);
        const pipeline = findPipeline(config.workspace, choosePipeline(config.workspace, named));
        const dataDir = jurisdictionFolder(config, pipeline);
        const plan = planTidy(dataDir, pipeline, tellPresent(pipeline.time_zone).now);
        if (options.do && plan.go.length > 0) {
          const store = await Store.open(join(dataDir, WORKING_DATABASE), config);
          try {
            await tidyRuns(store, dataDir, pipeline.pipeline, plan);
          } finally {
            store.close();
          }
        }
        const done = options.do === true;
        printResult(
          options.json,
          { pipeline: pipeline.pipeline, done, ...plan },
          describe(plan, done),
        );
        return undefined;
      }),
    );
}

function describe({ go, cited }: TidyPlan, done: boolean): string {
  const bytes = go.reduce((sum, run) => sum + run.bytes, 0);
  const size = `${(bytes / 1e6).toFixed(1)} MB`;
  const what = done ? "已清理 taken away" : "将清理（加 --do 执行）would go (--do takes them away)";
  return [
    ...go.map(
      ({ period, run, asOf, bytes: own }) =>
        `  ${period}  ${run}  as of ${asOf}  ${(own / 1e6).toFixed(1)} MB`,
    ),
    ...cited.map(
      ({ period, run }) => `  ${period}  ${run}  有文书引用，保留 a document names it, kept`,
    ),
    `${what}: ${go.length}, ${size}`,
  ].join("\n");
}
