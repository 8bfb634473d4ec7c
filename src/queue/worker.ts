import { setTimeout as sleep } from "node:timers/promises";
import { type Job, Worker } from "bullmq";
import type { Logger } from "pino";
import type { Config } from "../config.ts";
import type { StageOutcome } from "../context.ts";
import { openLogStream } from "../log-files.ts";
import { continueRun, PULL, type StageName } from "../run.ts";
import { findPipeline } from "../standard/workspace.ts";
import { advanceBackfills } from "./backfill.ts";
import { addDeliveries, type DeliveryData, deliver } from "./deliveries.ts";
import { failJob, readFailure, waitBeforeRetry } from "./job-failure.ts";
import { logOutcome, logToJob, reportProgress } from "./job-report.ts";
import { dropEntry } from "./ledger.ts";
import { pullApart } from "./pull-apart.ts";
import { DELIVERY_QUEUE, PULL_QUEUE, type Queues, writerQueue } from "./queues.ts";
import { connectRedis } from "./redis.ts";
import { isRoot, type JobData, joinsPulls, type StageResult } from "./run-jobs.ts";
import { tidyAfter } from "./tidy-after.ts";
import { type AtDatabase, type Opened, openWriter } from "./writer.ts";

/** What came of a job, for the metrics. */
export interface WorkedJob {
  readonly stage: string;
  readonly pipeline: string;
  readonly source: string | undefined;
  readonly seconds: number;
  readonly outcome: "done" | "failed";
  readonly counts: Readonly<Record<string, number>>;
}

export interface StageWorkers {
  /** Lets running stages finish within so many seconds, then rolls them back; their jobs are done again elsewhere. */
  close(limitSeconds: number): Promise<void>;
}

/** Pulls that one process may have under way; most of their time goes by in waiting for others. */
const PULLS_AT_ONCE = 4;
/** Channels that one process may serve at once: one that is dead is waited for, without holding up the others. */
const DELIVERIES_AT_ONCE = 4;
/** A job whose worker died this often is more likely killing its workers than unlucky. */
const MOST_STALLS = 5;
const ROLL_BACK_MS = 5000;

/**
 * Starts the workers of one process: for pulls, and for each jurisdiction's writing stages.
 * @param onJob told of every job that ended here
 */
export function startWorkers(
  config: Config,
  queues: Queues,
  log: Logger,
  onJob: (job: WorkedJob) => void = () => {},
): StageWorkers {
  const redis = connectRedis(queues.connection, log);
  const writer = openWriter(config, redis);
  const logStream = openLogStream(config);
  let stopping = false;
  let atWork = 0;

  const work = async (job: Job<JobData>, run: StageWork): Promise<StageResult> => {
    const { pipeline, jurisdiction, period, asOf, source } = job.data;
    atWork += 1;
    let began = performance.now();
    const tell = (outcome: WorkedJob["outcome"], counts: WorkedJob["counts"]) =>
      onJob({
        stage: job.name,
        pipeline,
        source,
        outcome,
        counts,
        seconds: (performance.now() - began) / 1000,
      });
    try {
      const request = {
        pipeline,
        period,
        asOf,
        log: logToJob(job, log, logStream),
        progress: reportProgress(job),
      };
      let waited = false;
      const { runId, outcome } = await run(job, (use) =>
        writer.write(jurisdiction, request, (context) => {
          // Waiting for one's turn at the database is no work.
          if (!waited) began = performance.now();
          waited = true;
          return use(context);
        }),
      );
      await logOutcome(job, outcome);
      tell("done", outcome.counts);
      return { runId, counts: outcome.counts };
    } catch (error) {
      tell("failed", {});
      log.warn({ job: job.id, reason: (error as Error).message }, "a job could not be done");
      return await failJob(job, error, stopping);
    } finally {
      atWork -= 1;
    }
  };

  const pullSource: StageWork = async ({ data }, atDatabase) => {
    return { runId: "", outcome: await pullApart(config, redis, data, atDatabase) };
  };
  const options = {
    connection: { ...queues.connection },
    prefix: queues.prefix,
    lockDuration: config.stallSeconds * 1000,
    stalledInterval: config.stallSeconds * 1000,
    maxStalledCount: MOST_STALLS,
    settings: { backoffStrategy: waitBeforeRetry },
  };
  const desk = { config, queues, redis, writer, log };
  const deliveries = new Worker<DeliveryData>(DELIVERY_QUEUE, ({ data }) => deliver(desk, data), {
    ...options,
    concurrency: DELIVERIES_AT_ONCE,
  });
  const stages = [
    new Worker<JobData>(PULL_QUEUE, (job) => work(job, pullSource), {
      ...options,
      concurrency: PULLS_AT_ONCE,
    }),
    ...[...queues.writers.keys()].map(
      (jurisdiction) =>
        new Worker<JobData>(writerQueue(jurisdiction), (job) => work(job, runStage), options),
    ),
  ];
  const workers = [...stages, deliveries];
  for (const worker of workers) {
    worker.on("error", (error: Error) => log.debug({ reason: error.message }, "worker"));
    worker.on("stalled", (id: string) =>
      log.warn({ job: id }, "the job's worker died; it is done again"),
    );
  }
  deliveries.on("failed", (job, error) =>
    log.warn({ ...job?.data, reason: error.message }, "what is due could not be delivered"),
  );
  for (const worker of stages) {
    worker.on("failed", () => void advanceBackfills(queues, redis, log));
    worker.on("completed", (job) => {
      if (job.id === undefined || !isRoot(job)) return;
      dropEntry(queues.ledger, "runs", job.id);
      void advanceBackfills(queues, redis, log);
      const pipeline = findPipeline(config.workspace, job.data.pipeline);
      tidyAfter(config, writer, pipeline, log);
      addDeliveries(config, queues, pipeline, job.id).catch((error: Error) => {
        log.warn(
          { run: job.id, reason: error.message },
          "what a run has to tell waits for a later delivery",
        );
      });
    });
  }
  return {
    async close(limitSeconds) {
      const closed = Promise.all(workers.map((worker) => worker.close()));
      const late = setTimeout(() => {
        stopping = true;
        log.warn("stages are still running and are rolled back");
        writer.interrupt();
        PULL.stop();
      }, limitSeconds * 1000);
      const ended = new AbortController();
      await Promise.race([closed, untilIdle(() => atWork === 0, limitSeconds, ended.signal)]);
      ended.abort();
      clearTimeout(late);
      await Promise.race([writer.close(), sleep(ROLL_BACK_MS, undefined, { ref: false })]);
      redis.disconnect();
    },
  };
}

/**
 * Ends a little after the last job has, since the queue may not be there to be told; and in any case once the limit and
 * the time for rolling back are over.
 */
async function untilIdle(isIdle: () => boolean, limitSeconds: number, signal: AbortSignal) {
  const deadline = performance.now() + limitSeconds * 1000 + ROLL_BACK_MS;
  let idleSince: number | undefined;
  while (!signal.aborted && performance.now() < deadline) {
    idleSince = isIdle() ? (idleSince ?? performance.now()) : undefined;
    if (idleSince !== undefined && performance.now() - idleSince > ROLL_BACK_MS) return;
    await sleep(100, undefined, { ref: false });
  }
}

type StageWork = (
  job: Job<JobData>,
  atDatabase: AtDatabase,
) => Promise<{ readonly runId: string; readonly outcome: StageOutcome }>;

async function runStage(job: Job<JobData>, atDatabase: AtDatabase) {
  return atDatabase(async (context) => {
    const stage = job.name as StageName;
    const before = joinsPulls(stage) ? await settle(context, job) : [];
    const runId = joinsPulls(stage) ? "" : await readRunId(job);
    const { context: done, outcomes } = await continueRun(context, stage, runId);
    const outcome = outcomes.at(-1) as StageOutcome;
    return { runId: done.runId, outcome: { ...outcome, notes: [...before, ...outcome.notes] } };
  });
}

/** Joins the pulls of a run; those that failed their last try are told by the queue. */
async function settle(context: Opened, job: Job<JobData>) {
  const failures = await job.getIgnoredChildrenFailures();
  const failed = Object.entries(failures).map(([key, reason]) => {
    return { source: sourceOf(key), sentence: readFailure(reason) };
  });
  const pulled = Object.entries(await job.getChildrenValues<StageResult>());
  const unopened = new Map(
    pulled.map(([key, { counts }]) => [sourceOf(key), counts.unopened ?? 0]),
  );
  return PULL.settle(context, failed, unopened);
}

/** The source of a pull's key, which ends in it. */
const sourceOf = (key: string) => key.slice(key.lastIndexOf(".") + 1);

async function readRunId(job: Job<JobData>): Promise<string> {
  const results = await job.getChildrenValues<StageResult>();
  return Object.values(results)[0]?.runId ?? "";
}
