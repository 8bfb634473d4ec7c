import type { Job } from "bullmq";
import type { Redis } from "ioredis";
import { listBackfills, runIds, takeOutOfBackfills } from "./backfill.ts";
import { listDeadJobs, requireDead } from "./dead-jobs.ts";
import { dropEntry } from "./ledger.ts";
import { findJob, type Queues } from "./queues.ts";
import { isRoot, type JobData } from "./run-jobs.ts";

/** A dead job that left the list, and why. */
export interface LeftJob {
  readonly id: string;
  /** done: its run went on without it and is through. gone: its run was taken out. overtaken: a newer run of its period is through. */
  readonly why: "done" | "gone" | "overtaken" | "dropped";
}

/**
 * Takes dead jobs off the list that are nobody's concern any more: those whose run is through or was taken out, and whole runs that a
 * newer one of the same pipeline and period, as known no earlier, has overtaken. Runs of a back-fill under way stay.
 */
export async function clearSettled(queues: Queues, redis: Redis): Promise<LeftJob[]> {
  const dead = (await Promise.all(stageQueues(queues).map((queue) => queue.getFailed()))).flat();
  if (dead.length === 0) return [];
  const through = await listThrough(queues);
  const filling = new Set(
    (await listBackfills(queues, redis)).flatMap((one) => runIds(queues, one)),
  );
  const left: LeftJob[] = [];
  for (const job of dead as Job<JobData>[]) {
    const why = await judge(queues, job, through);
    if (why === undefined || (why === "overtaken" && filling.has(job.data.run))) continue;
    const isOut = why === "overtaken" ? await removeRun(queues, job.data.run) : await remove(job);
    if (isOut) left.push({ id: job.id as string, why });
  }
  return left;
}

/**
 * Takes dead jobs out for good. A pull goes alone, since its run goes on without it; with a dead stage goes its whole run, which nothing
 * would ever bring to its end.
 * @throws Error in a sentence when there is no such job, or it is not dead
 */
export async function dropJob(queues: Queues, redis: Redis, id: string): Promise<LeftJob> {
  const job = (await requireDead(queues, id, {
    zh: "去掉",
    en: "dropped",
  })) as Job<JobData>;
  const alone = job.data.source !== undefined || job.data.run === undefined;
  if (!alone) await takeOutOfBackfills(queues, redis, job.data.run);
  const isOut = alone ? await remove(job) : await removeRun(queues, job.data.run);
  if (isOut) return { id, why: "dropped" };
  throw new Error(
    `任务 ${id} 所属的运行正在进行，未去掉；稍后再试。\nThe run of the job ${id} is under way and was not dropped; try again later.`,
  );
}

/** The same for several, or for all there are once the settled ones have left. */
export async function dropJobs(
  queues: Queues,
  redis: Redis,
  chosen: readonly string[] | "all",
): Promise<LeftJob[]> {
  const left = chosen === "all" ? await clearSettled(queues, redis) : [];
  const ids = chosen === "all" ? (await listDeadJobs(queues)).map(({ id }) => id) : chosen;
  for (const id of ids) {
    // With a stage of the same run it may have gone already.
    if (chosen === "all" && !(await findJob(queues, id))) continue;
    left.push(await dropJob(queues, redis, id));
  }
  return left;
}

function stageQueues({ pull, writers }: Queues) {
  return [pull, ...writers.values()];
}

/** The jobs that ended a run. */
async function listThrough({ writers }: Queues): Promise<Job<JobData>[]> {
  const jobs = await Promise.all([...writers.values()].map((queue) => queue.getCompleted()));
  return (jobs.flat() as Job<JobData>[]).filter(isRoot);
}

async function judge(
  queues: Queues,
  { data, timestamp }: Job<JobData>,
  through: readonly Job<JobData>[],
): Promise<LeftJob["why"] | undefined> {
  if (through.some(({ id }) => id === data.run)) return "done";
  const writer = queues.writers.get(data.jurisdiction);
  if (writer && !(await writer.getJob(data.run))) return "gone";
  const isNewer = (one: Job<JobData>) =>
    one.data.pipeline === data.pipeline &&
    one.data.period === data.period &&
    one.data.asOf >= data.asOf &&
    one.timestamp > timestamp;
  return through.some(isNewer) ? "overtaken" : undefined;
}

/** Takes a run out, with every job of it that is left. @returns whether it is out; not while a worker has one of its jobs */
async function removeRun(queues: Queues, run: string): Promise<boolean> {
  const root = await findJob(queues, run);
  try {
    await root?.remove({ removeChildren: true });
  } catch {
    return false;
  }
  dropEntry(queues.ledger, "runs", run);
  return true;
}

async function remove(job: Job): Promise<boolean> {
  try {
    await job.remove();
    return true;
  } catch {
    return false;
  }
}
