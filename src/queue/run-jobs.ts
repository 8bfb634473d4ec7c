import { type FlowJob, FlowProducer, type Job, type JobsOptions } from "bullmq";
import { LINE, PULL, type StageName } from "../run.ts";
import { JOBS_DAYS, type PipelineDefinition } from "../standard/pipeline-definition.ts";
import { BACKOFF } from "./job-failure.ts";
import { writeEntry } from "./ledger.ts";
import { PULL_QUEUE, type Queues, writerQueue } from "./queues.ts";

/** A run as the queue knows it. */
export interface QueuedRun {
  readonly pipeline: PipelineDefinition;
  readonly period: string;
  readonly asOf: string;
  /** What tells this run from another of the same pipeline and period: its inputs, or the time it was scheduled for. */
  readonly version: string;
}

/** A run as the ledger has it; the pipeline by its name. */
export interface NotedRun extends Omit<QueuedRun, "pipeline"> {
  readonly pipeline: string;
}

/** What every job of a run carries. */
export interface JobData {
  readonly pipeline: string;
  readonly jurisdiction: string;
  readonly period: string;
  readonly asOf: string;
  /** Id of the job that ends the run. */
  readonly run: string;
  /** The source to pull; none in other stages. */
  readonly source?: string;
}

/** What a stage leaves for the next one. */
export interface StageResult {
  /** The run's id once its inputs are settled, before "". */
  readonly runId: string;
  readonly counts: Readonly<Record<string, number>>;
}

export type RunState = "absent" | "running" | "done" | "dead";

const DAY_SECONDS = 86_400;
const FIRST_AFTER_PULL = LINE[1].stage;
const LAST: StageName = "publish";

/** The id of a run's job: the same question has the same id. It holds no colon and is no number, which BullMQ forbids. */
export function jobId(stage: StageName, run: QueuedRun, source?: string): string {
  const parts = [stage, run.pipeline.pipeline, run.period, run.version, source];
  return parts.filter((part) => part !== undefined).join(".");
}

/** Whether a job is the one that ends its run. */
export function isRoot({ id, data }: Pick<Job<JobData>, "id" | "data">): boolean {
  return id !== undefined && id === data.run;
}

export function rootId(run: QueuedRun): string {
  return jobId(LAST, run);
}

/**
 * Adds a run as one flow: the last stage waits for the one before it, and so on along the line, down to one pull for
 * each source. A run that is there already, in whatever state, is left as it is. What was added is written down in the
 * ledger until it is through, so that it is found again should Redis lose it.
 * @returns whether it was added, and the id of the job that ends it
 */
export async function addRun(
  queues: Queues,
  run: QueuedRun,
): Promise<{ readonly id: string; readonly added: boolean }> {
  const id = rootId(run);
  const writer = queues.writers.get(run.pipeline.jurisdiction);
  if (!writer) {
    throw new Error(
      `The jurisdiction "${run.pipeline.jurisdiction}" has no queue yet: start the program again, so that it reads the new pipeline.`,
    );
  }
  if (await writer.getJob(id)) return { id, added: false };
  const flows = new FlowProducer({ connection: { ...queues.connection }, prefix: queues.prefix });
  flows.on("error", () => undefined);
  try {
    await flows.add(makeFlow(run));
  } finally {
    await flows.close();
  }
  const { period, asOf, version } = run;
  const noted: NotedRun = { pipeline: run.pipeline.pipeline, period, asOf, version };
  // Afterwards: written down before, it would be taken for lost by a scheduler that looks in between.
  writeEntry(queues.ledger, "runs", id, noted);
  return { id, added: true };
}

/** The flow of a run, from its last stage down. */
export function makeFlow(run: QueuedRun): FlowJob {
  const stages = LINE.map(({ stage }) => stage).filter((stage) => stage !== PULL.stage);
  return stages.reduce<FlowJob | undefined>(
    (before, stage, index) => ({
      name: stage,
      queueName: writerQueue(run.pipeline.jurisdiction),
      data: jobData(run),
      // A run that has begun to write is brought to its end before another begins.
      opts: { ...options(run), jobId: jobId(stage, run), priority: stages.length - index },
      children: before ? [before] : pullJobs(run),
    }),
    undefined,
  ) as FlowJob;
}

function pullJobs(run: QueuedRun) {
  return run.pipeline.sources.map((source) => ({
    name: PULL.stage,
    queueName: PULL_QUEUE,
    data: { ...jobData(run), source },
    opts: {
      ...options(run),
      jobId: jobId(PULL.stage, run, source),
      // Whether the run goes on without a source is for the pipeline's policy, which the next stage applies.
      ignoreDependencyOnFailure: true,
    },
  }));
}

function jobData({ pipeline, period, asOf, ...rest }: QueuedRun): JobData {
  return {
    pipeline: pipeline.pipeline,
    jurisdiction: pipeline.jurisdiction,
    period,
    asOf,
    run: rootId({ pipeline, period, asOf, ...rest }),
  };
}

function options({ pipeline }: QueuedRun): JobsOptions {
  const { attempts, first_wait_seconds } = pipeline.retry;
  const days = pipeline.keep?.jobs_days ?? JOBS_DAYS;
  return {
    attempts,
    backoff: { type: BACKOFF, delay: Math.round(first_wait_seconds * 1000), jitter: 0.5 },
    removeOnComplete: { age: days * DAY_SECONDS },
    removeOnFail: false,
    keepLogs: 1000,
  };
}

/** How far a run is. Dead: one of its stages has failed its last try, and the stages after it wait for a retry. */
export async function runState(queues: Queues, run: QueuedRun): Promise<RunState> {
  const writer = queues.writers.get(run.pipeline.jurisdiction);
  const root = await writer?.getJob(rootId(run));
  if (!writer || !root) return "absent";
  if (await root.isCompleted()) return "done";
  return (await deadStage(queues, run)) ? "dead" : "running";
}

/** The stage at which a run has died. */
export async function deadStage(queues: Queues, run: QueuedRun): Promise<Job | undefined> {
  const writer = queues.writers.get(run.pipeline.jurisdiction);
  for (const { stage } of LINE) {
    const job = await writer?.getJob(jobId(stage, run));
    if (job && (await job.isFailed())) return job;
  }
  return undefined;
}

/** Whether a stage takes what the pulls of its run left. */
export function joinsPulls(stage: StageName): boolean {
  return stage === FIRST_AFTER_PULL;
}
