import type { Redis } from "ioredis";
import type { Logger } from "pino";
import type { Config } from "../config.ts";
import { findPipeline, listPipelines } from "../standard/workspace.ts";
import { restoreBackfills } from "./backfill.ts";
import { dropEntry, listEntries } from "./ledger.ts";
import { openToOneJob, type Queues } from "./queues.ts";
import { addRun, type NotedRun, rootId, runState } from "./run-jobs.ts";

/**
 * Queues again what Redis has lost: a run that was added and is not through, of which Redis knows nothing any more, because
 * its data was wiped or another, empty server stands in its place. Each is told in the log and in the lines of its last job.
 * Its stages are done from the first; what they had written already stays as it is. A run that somebody took out of a queue
 * that has its data is let go.
 * @returns the ids of the runs that were lost
 */
export async function requeueLost(
  config: Pick<Config, "workspace">,
  queues: Queues,
  redis: Redis,
  log: Logger,
): Promise<string[]> {
  const lost: string[] = [];
  for (const { id, value } of listEntries<NotedRun>(queues.ledger, "runs")) {
    try {
      if (await requeueOne(config, queues, redis, id, value)) {
        log.warn({ run: id, period: value.period }, `${LOST.zh} ${LOST.en}`);
        lost.push(id);
      }
    } catch (error) {
      log.error({ run: id, reason: (error as Error).message }, "a run cannot be looked after");
    }
  }
  await restoreBackfills(queues, redis, log);
  if ((await redis.set(markOf(queues), "1", "NX")) === "OK") await openToOneJob(queues);
  return lost;
}

/** Stands in Redis as long as it has its data: whatever else is missing then was taken out by somebody. */
const markOf = ({ prefix }: Queues) => `${prefix}:has-data`;

async function requeueOne(
  { workspace }: Pick<Config, "workspace">,
  queues: Queues,
  redis: Redis,
  id: string,
  noted: NotedRun,
): Promise<boolean> {
  const isThere = listPipelines(workspace).includes(noted.pipeline);
  if (!isThere) dropEntry(queues.ledger, "runs", id);
  if (!isThere) return false;
  const run = { ...noted, pipeline: findPipeline(workspace, noted.pipeline) };
  let state = await runState(queues, run);
  if (state === "absent" && (await redis.exists(markOf(queues))) === 1) {
    // Asked again, since another scheduler may just have put it back before it set the mark.
    state = await runState(queues, run);
    if (state === "absent") dropEntry(queues.ledger, "runs", id);
    return false;
  }
  if (state === "done") dropEntry(queues.ledger, "runs", id);
  if (state !== "absent" || !(await addRun(queues, run)).added) return false;
  const writer = queues.writers.get(run.pipeline.jurisdiction);
  await (await writer?.getJob(rootId(run)))?.log(`${LOST.zh} ${LOST.en}`);
  return true;
}

const LOST = {
  zh: "Redis 丢失了数据，此次运行随之丢失；现已重新排队，从头再做。",
  en: "Redis has lost its data, and this run with it; it is queued again and done from the beginning.",
} as const;
