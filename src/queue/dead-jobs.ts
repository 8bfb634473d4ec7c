import type { Job } from "bullmq";
import { findJob, type Queues } from "./queues.ts";
import type { JobData } from "./run-jobs.ts";

/** A job that has failed its last try and waits for somebody. */
export interface DeadJob {
  readonly id: string;
  readonly stage: string;
  readonly pipeline: string;
  readonly period: string;
  readonly source: string | undefined;
  readonly reason: string;
  readonly attempts: number;
  /** ISO instant. */
  readonly failedAt: string;
}

/** Every dead job, the newest first. */
export async function listDeadJobs({ all }: Queues): Promise<DeadJob[]> {
  const jobs = await Promise.all(all.map((queue) => queue.getFailed()));
  return (jobs.flat() as Job[])
    .sort((a, b) => (b.finishedOn ?? 0) - (a.finishedOn ?? 0))
    .map(describe);
}

function describe(job: Job): DeadJob {
  const data = job.data as Partial<JobData>;
  return {
    id: job.id as string,
    stage: job.name,
    pipeline: data.pipeline ?? job.name,
    period: data.period ?? "",
    source: data.source,
    reason: job.failedReason,
    attempts: job.attemptsMade,
    failedAt: new Date(job.finishedOn ?? 0).toISOString(),
  };
}

/** Everything the queue knows of a job. */
export interface JobAccount extends DeadJob {
  readonly state: string;
  readonly asOf: string;
  readonly run: string;
  readonly progress: unknown;
  readonly result: unknown;
  readonly log: readonly string[];
}

/** @throws Error in a sentence when there is no such job */
export async function showJob(queues: Queues, id: string): Promise<JobAccount> {
  const job = await requireJob(queues, id);
  const { logs } = await (
    queues.all.find(({ name }) => name === job.queueName) as Queues["pull"]
  ).getJobLogs(id);
  return {
    ...describe(job),
    failedAt: job.failedReason ? describe(job).failedAt : "",
    state: await job.getState(),
    asOf: job.data.asOf ?? "",
    run: job.data.run ?? "",
    progress: job.progress,
    result: job.returnvalue ?? null,
    log: logs,
  };
}

/**
 * Gives a dead job all its tries anew; the stages that wait for it go on once it is done.
 * @throws Error in a sentence when there is no such job, or it is not dead
 */
export async function retryJob(queues: Queues, id: string): Promise<void> {
  const job = await requireDead(queues, id, { zh: "重试", en: "tried again" });
  await job.retry("failed", { resetAttemptsMade: true, resetAttemptsStarted: true });
}

/**
 * A job that has failed its last try.
 * @param deed what is to be done with it, as the sentence says that it cannot be
 * @throws Error in a sentence when there is no such job, or it is not dead
 */
export async function requireDead(
  queues: Queues,
  id: string,
  deed: { readonly zh: string; readonly en: string },
): Promise<Job> {
  const job = await requireJob(queues, id);
  const state = await job.getState();
  if (state === "failed") return job;
  throw new Error(
    `任务 ${id} 的状态是 ${state}；只有失败的任务才能${deed.zh}。\nThe job ${id} is ${state}; only a failed one can be ${deed.en}.`,
  );
}

async function requireJob(queues: Queues, id: string): Promise<Job> {
  const job = await findJob(queues, id);
  if (job) return job;
  throw new Error(
    `没有任务“${id}”；zhengxin jobs failed 列出失败的任务。\nThere is no job "${id}"; "zhengxin jobs failed" lists those that have failed.`,
  );
}
