import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config.ts";
import { listOldLogs, type OldLog, tidyLogs } from "../log-files.ts";
import { tellPresent } from "../present.ts";
import { jurisdictionFolder, WORKING_DATABASE } from "../run-context.ts";
import type { PipelineDefinition } from "../standard/pipeline-definition.ts";
import { findPipeline } from "../standard/workspace.ts";
import { Store } from "../store/store.ts";
import { planTidy, type TidyPlan, tidyRuns } from "../tidy.ts";
import { type Draft, planDrafts, tidyDrafts } from "../tidy-drafts.ts";
import { type LooseFile, listLoose, tidyLoose } from "../tidy-shared.ts";
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
    "Say which superseded publications, drafts, unused shared data files and log files are kept no longer; with --do, take them away.",
    ["tidy", "tidy qingdao --do"],
  )
    .argument("[pipeline]", "name of a file in pipelines/")
    .option("--do", "take them away; without it nothing is changed")
    .action(
      act(async (named: string | undefined, options: TidyOptions) => {
        const config = configFor(options);
        const pipeline = findPipeline(config.workspace, choosePipeline(config.workspace, named));
        const done = options.do === true;
        const plan = await tidy(config, pipeline, done);
        printResult(
          options.json,
          { pipeline: pipeline.pipeline, done, ...plan },
          describe(plan, done),
        );
        return undefined;
      }),
    );
}

interface WholePlan extends TidyPlan {
  readonly drafts: readonly Draft[];
  readonly loose: readonly LooseFile[];
  readonly logs: readonly OldLog[];
}

/** What goes, and when it is to be done takes it away. Of a city that has no database yet nothing was worked out. */
async function tidy(
  config: Config,
  pipeline: PipelineDefinition,
  isToBeDone: boolean,
): Promise<WholePlan> {
  const dataDir = jurisdictionFolder(config, pipeline);
  const { now } = tellPresent(pipeline.time_zone);
  const plan = planTidy(dataDir, pipeline, now);
  const logs = isToBeDone ? tidyLogs(config) : listOldLogs(config);
  const database = join(dataDir, WORKING_DATABASE);
  if (!existsSync(database)) return { ...plan, drafts: [], loose: [], logs };
  const store = await Store.open(database, config);
  try {
    const drafts = await planDrafts(store, dataDir, pipeline, now);
    const loose = await listLoose(store, dataDir);
    if (isToBeDone) {
      await tidyRuns(store, dataDir, pipeline.pipeline, plan);
      await tidyDrafts(store, drafts, now);
      tidyLoose(dataDir, loose);
    }
    return { ...plan, drafts, loose, logs };
  } finally {
    store.close();
  }
}

function describe({ go, cited, drafts, loose, logs }: WholePlan, done: boolean): string {
  const bytes = [...go, ...loose, ...logs].reduce((sum, one) => sum + one.bytes, 0);
  const size = `${(bytes / 1e6).toFixed(1)} MB`;
  const what = done ? "已清理 taken away" : "将清理（加 --do 执行）would go (--do takes them away)";
  return [
    ...go.map(
      ({ period, run, asOf, bytes: own }) =>
        `  ${period}  ${run}  as of ${asOf}  ${(own / 1e6).toFixed(1)} MB`,
    ),
    ...drafts.map(
      ({ period, run, asOf, begun }) =>
        `  ${period}  ${run}  as of ${asOf}  未发布，开始于 never published, begun ${begun}`,
    ),
    ...[...loose, ...logs].map(({ file, bytes: own }) => `  ${file}  ${(own / 1e6).toFixed(1)} MB`),
    ...cited.map(
      ({ period, run }) => `  ${period}  ${run}  有文书引用，保留 a document names it, kept`,
    ),
    `${what}: ${go.length + drafts.length + loose.length + logs.length}, ${size}`,
  ].join("\n");
}
