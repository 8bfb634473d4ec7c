import { type Job, Queue, type QueueOptions } from "bullmq";
import type { Logger } from "pino";
import type { Config } from "../config.ts";
import { findPipeline, listPipelines } from "../standard/workspace.ts";
import { ledgerFolder } from "./ledger.ts";
import type { Connection } from "./redis.ts";
import { wakeStrategy } from "./schedule-times.ts";

/** Names of the queues. A jurisdiction has one database, so it has one queue for the stages that write to it. */
export const PULL_QUEUE = "pull";
export const SCHEDULE_QUEUE = "schedule";
export const DELIVERY_QUEUE = "deliver";
export const writerQueue = (jurisdiction: string) => `writer-${jurisdiction}`;

export interface Queues {
  readonly workspace: string;
  readonly connection: Connection;
  readonly prefix: string;
  /** Folder of what must still be known should Redis lose its data. */
  readonly ledger: string;
  readonly schedule: Queue;
  readonly pull: Queue;
  /** What alerts have to say, to those who are to hear it. */
  readonly deliver: Queue;
  /** By jurisdiction. */
  readonly writers: ReadonlyMap<string, Queue>;
  /** Schedules, pulls, deliveries, then writers. */
  readonly all: readonly Queue[];
  close(): Promise<void>;
}

/**
 * Opens the queues of a workspace's pipelines, whether or not Redis is there yet: what is asked of them waits until it is.
 * Whoever works on jobs calls `openToOneJob` first.
 * @throws DefinitionError when a pipeline is faulty
 */
export function openQueues(
  config: Pick<Config, "workspace" | "dataDir" | "queuePrefix">,
  connection: Connection,
  log: Logger,
): Queues {
  const prefix = config.queuePrefix;
  const jurisdictions = new Set(
    listPipelines(config.workspace).map(
      (name) => findPipeline(config.workspace, name).jurisdiction,
    ),
  );
  const open = (name: string, settings: QueueOptions["settings"] = {}) => {
    const queue = new Queue(name, { connection: { ...connection }, prefix, settings });
    queue.on("error", (error) => log.debug({ queue: name, reason: error.message }, "queue"));
    return queue;
  };
  const schedule = open(SCHEDULE_QUEUE, { repeatStrategy: wakeStrategy(config.workspace) });
  const pull = open(PULL_QUEUE);
  const deliver = open(DELIVERY_QUEUE);
  const writers = new Map([...jurisdictions].sort().map((name) => [name, open(writerQueue(name))]));
  const all = [schedule, pull, deliver, ...writers.values()];
  return {
    workspace: config.workspace,
    connection,
    prefix,
    ledger: ledgerFolder(config),
    schedule,
    pull,
    deliver,
    writers,
    all,
    async close() {
      await Promise.all(all.map((queue) => queue.close()));
    },
  };
}

/** Has each writer queue work on one job at a time, over all processes. Redis keeps that, so it is lost with its data. */
export async function openToOneJob({ writers }: Pick<Queues, "writers">): Promise<void> {
  for (const queue of writers.values()) await queue.setGlobalConcurrency(1);
}

/** Finds a job by its id in whichever queue it is. */
export async function findJob({ all }: Queues, id: string): Promise<Job | undefined> {
  for (const queue of all) {
    const job = await queue.getJob(id);
    if (job) return job as Job;
  }
  return undefined;
}
