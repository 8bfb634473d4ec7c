import { Worker } from "bullmq";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import type { Config } from "../config.ts";
import { chooseAsOf, choosePeriod } from "../run-context.ts";
import { listPipelines } from "../standard/workspace.ts";
import { advanceBackfills } from "./backfill.ts";
import { reviewDeliveries } from "./deliveries.ts";
import { readEntry, writeEntry } from "./ledger.ts";
import { requeueLost } from "./lost-runs.ts";
import { type Queues, SCHEDULE_QUEUE } from "./queues.ts";
import { connectRedis } from "./redis.ts";
import { addRun } from "./run-jobs.ts";
import { describeTime, listDue, readTimetable, wakeStrategy } from "./schedule-times.ts";
import { clearSettled } from "./settled-jobs.ts";

export interface Scheduler {
  close(): Promise<void>;
}

/** How often definitions are read again and what was left lying is taken up. */
const REVIEW_MS = 60_000;
/** How often it is looked whether Redis has lost runs: often enough that one is queued again within a minute. */
const LOST_MS = 15_000;
/** A time that went by longer ago than this was missed. */
const MISSED_MS = 600_000;

/**
 * Starts the runs of every pipeline with a schedule when they are due. Each pipeline has one BullMQ job scheduler by its
 * name, which wakes whichever scheduler process is there; what is due is told from the newest time that was acted on,
 * which Redis keeps, and the ledger should Redis lose it. So several schedulers, restarts and clocks that are moved neither lose nor double a run.
 */
export async function startScheduler(
  config: Config,
  queues: Queues,
  log: Logger,
): Promise<Scheduler> {
  const redis = connectRedis(queues.connection, log);
  const review = async () => {
    for (const name of listPipelines(config.workspace)) {
      await reviewPipeline(config, queues, redis, log, name);
    }
    await forgetRemoved(config, queues);
    await reviewDeliveries(config, queues);
    await advanceBackfills(queues, redis, log);
    for (const { id, why } of await clearSettled(queues, redis)) {
      log.info({ job: id, why }, "a dead job left the list");
    }
  };
  const worker = new Worker(
    SCHEDULE_QUEUE,
    async (job) => addDueRuns(config, queues, redis, log, job.name),
    {
      connection: { ...queues.connection },
      prefix: queues.prefix,
      settings: { repeatStrategy: wakeStrategy(config.workspace) },
    },
  );
  worker.on("error", (error) => log.debug({ reason: error.message }, "scheduler"));
  await requeueLost(config, queues, redis, log);
  await review();
  const timers = [
    repeat(REVIEW_MS, review, log),
    repeat(LOST_MS, () => requeueLost(config, queues, redis, log), log),
  ];
  return {
    async close() {
      for (const timer of timers) clearInterval(timer);
      await worker.close();
      redis.disconnect();
    },
  };
}

/** Does something again and again, never twice at a time: while Redis is away it waits. */
function repeat(everyMs: number, work: () => Promise<unknown>, log: Logger): NodeJS.Timeout {
  let underWay = false;
  return setInterval(() => {
    if (underWay) return;
    underWay = true;
    work()
      .catch((error: Error) => log.warn({ reason: error.message }, "review of schedules"))
      .finally(() => {
        underWay = false;
      });
  }, everyMs);
}

/** Makes the job scheduler of a pipeline what its definition says, and takes up what is due. */
async function reviewPipeline(
  config: Config,
  queues: Queues,
  redis: Redis,
  log: Logger,
  name: string,
): Promise<void> {
  try {
    const { pipeline } = readTimetable(config.workspace, name);
    const { schedule } = pipeline;
    if (!schedule) {
      await queues.schedule.removeJobScheduler(name);
      return;
    }
    // Before the wake-up is set anew, which would drop one that is overdue.
    await addDueRuns(config, queues, redis, log, name);
    const pattern =
      "cron" in schedule ? schedule.cron : `working day ${schedule.working_day} ${schedule.at}`;
    const held = await queues.schedule.getJobScheduler(name);
    const kept = held?.pattern === pattern && held.tz === pipeline.time_zone;
    if (kept && (held.next ?? 0) > Date.now()) return;
    await queues.schedule.upsertJobScheduler(
      name,
      { pattern, tz: pipeline.time_zone },
      { name, opts: { removeOnComplete: true, removeOnFail: 100 } },
    );
  } catch (error) {
    log.error({ pipeline: name, reason: (error as Error).message }, "a schedule cannot be kept");
  }
}

async function forgetRemoved({ workspace }: Config, queues: Queues): Promise<void> {
  const names = new Set(listPipelines(workspace));
  for (const { key } of await queues.schedule.getJobSchedulers()) {
    if (!names.has(key)) await queues.schedule.removeJobScheduler(key);
  }
}

/**
 * Adds the runs of a pipeline that have become due since the last time, by its catch-up policy.
 * @returns the ids of the runs, those that others had added before too
 * @throws Error in a sentence when the calendar does not tell what is due
 */
export async function addDueRuns(
  config: Config,
  queues: Queues,
  redis: Redis,
  log: Logger,
  name: string,
  now = Date.now(),
): Promise<string[]> {
  const timetable = readTimetable(config.workspace, name);
  const { pipeline } = timetable;
  if (!pipeline.schedule) return [];
  const key = `${queues.prefix}:acted-on`;
  // A pipeline seen for the first time is due from now on; what lay before it was there is nobody's debt.
  const noted = readEntry<number>(queues.ledger, "acted-on", name);
  await redis.hsetnx(key, name, noted ?? now);
  const last = Number(await redis.hget(key, name));
  if (noted === undefined) writeEntry(queues.ledger, "acted-on", name, last);
  const due = listDue(timetable, last, now);
  const ids: string[] = [];
  for (const time of chooseDue(due, pipeline.schedule.catch_up, now)) {
    const tick = describeTime(time, pipeline.time_zone);
    const asOf = chooseAsOf(pipeline, pipeline.example ? undefined : tick);
    const { id, added } = await addRun(queues, {
      pipeline,
      period: choosePeriod(pipeline, undefined, asOf).id,
      asOf,
      version: `t${tick.replace(/\D/g, "").slice(0, 12)}`,
    });
    if (added) log.info({ run: id, scheduled: tick }, "a scheduled run begins");
    ids.push(id);
  }
  const newest = due.at(-1);
  if (newest === undefined) return ids;
  await redis.eval(KEEP_NEWEST, 1, key, name, newest);
  writeEntry(queues.ledger, "acted-on", name, Math.max(newest, noted ?? 0));
  return ids;
}

/** Two schedulers may write at once; the newer time stays. */
const KEEP_NEWEST = `if tonumber(ARGV[2]) > tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or 0) then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
end`;

/** Of the times that are due, those that get a run: of missed ones all, none, or the newest alone. */
export function chooseDue(
  due: readonly number[],
  catchUp: "once" | "all" | "none",
  now: number,
): readonly number[] {
  if (catchUp === "all") return due;
  if (catchUp === "once") return due.slice(-1);
  return due.filter((time) => now - time <= MISSED_MS);
}
