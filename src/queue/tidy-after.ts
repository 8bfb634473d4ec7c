import type { Logger } from "pino";
import type { Config } from "../config.ts";
import { tidyLogs } from "../log-files.ts";
import { tellPresent } from "../present.ts";
import { jurisdictionFolder } from "../run-context.ts";
import type { PipelineDefinition } from "../standard/pipeline-definition.ts";
import { planTidy, tidyRuns } from "../tidy.ts";
import { planDrafts, tidyDrafts } from "../tidy-drafts.ts";
import type { Writer } from "./writer.ts";

/** After each run goes what its pipeline keeps no longer, and old log files; whatever hinders it, the next run does it. */
export function tidyAfter(
  config: Config,
  writer: Writer,
  pipeline: PipelineDefinition,
  log: Logger,
): void {
  const dataDir = jurisdictionFolder(config, pipeline);
  const { now } = tellPresent(pipeline.time_zone);
  const request = { pipeline: pipeline.pipeline, log };
  const tidied = writer.write(pipeline.jurisdiction, request, async ({ store }) => {
    const plan = planTidy(dataDir, pipeline, now);
    await tidyRuns(store, dataDir, pipeline.pipeline, plan);
    const drafts = await planDrafts(store, dataDir, pipeline, now);
    await tidyDrafts(store, drafts, now);
    return { runs: plan.go.length, drafts: drafts.length, logs: tidyLogs(config).length };
  });
  tidied
    .then(({ runs, drafts, logs }) => {
      if (runs + drafts + logs === 0) return;
      log.info({ pipeline: pipeline.pipeline, runs, drafts, logs }, "tidied");
    })
    .catch((error: Error) => log.warn({ reason: error.message }, "tidying waits for the next run"));
}
