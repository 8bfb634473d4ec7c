import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Job } from "bullmq";
import type { Redis } from "ioredis";
import { pino } from "pino";
import type { Config } from "../src/config.ts";
import { requeueLost } from "../src/queue/lost-runs.ts";
import { openQueues, openToOneJob, type Queues } from "../src/queue/queues.ts";
import { connectRedis, findRedis } from "../src/queue/redis.ts";
import { addDueRuns } from "../src/queue/scheduler.ts";
import { startWorkers } from "../src/queue/worker.ts";
import { fillDisk } from "../tests/services/small-disk.ts";

const PIPELINE = "my-city";
/** So long a run may take when it is disturbed. */
const MOST_MS = 600_000;

/** What befalls a run while it is under way. */
export type Disturbance = "redis killed" | "redis emptied" | "disk full";

/** The queue of a city with its workers, and its private Redis. */
export interface DailyQueue {
  /** Adds what has become due at a moment (milliseconds since 1970) and waits until it is done. */
  run(moment: number, disturbance?: Disturbance): Promise<void>;
  /** What it takes by now. */
  tell(): Promise<{
    readonly keys: number;
    readonly redisBytes: number;
    readonly logBytes: number;
  }>;
  close(): Promise<void>;
}

/** Opens the queue of a city and acts as its scheduler, by moments in the place of a clock. */
export async function openDailyQueue(config: Config): Promise<DailyQueue> {
  let logBytes = 0;
  // Jobs write to the log of the process too: it is counted here and goes nowhere.
  const write = process.stderr.write;
  process.stderr.write = (line: string | Uint8Array) => {
    logBytes += line.length;
    return true;
  };
  const log = pino({ level: "info" }, process.stderr);
  const place = await findRedis(config, log);
  const queues = openQueues(config, place.connection, log);
  await openToOneJob(queues);
  const redis = connectRedis(place.connection, log);
  const workers = startWorkers(config, queues, log);
  const due = (moment: number) => addDueRuns(config, queues, redis, log, PIPELINE, moment);
  return {
    async run(moment, disturbance) {
      const ids = await due(moment);
      const disturbing = disturbance && disturb(disturbance, { config, queues, redis });
      for (const id of ids)
        await untilDone({ queues, id, again: () => requeueLost(config, queues, redis, log) });
      await disturbing;
    },
    async tell() {
      const memory = /used_memory:(\d+)/.exec(await redis.info("memory"))?.[1] ?? "0";
      return { keys: await redis.dbsize(), redisBytes: Number(memory), logBytes };
    },
    async close() {
      await workers.close(60);
      await queues.close();
      redis.disconnect();
      await place.close();
      process.stderr.write = write;
    },
  };
}

interface Waited {
  readonly queues: Queues;
  readonly id: string;
  /** What the scheduler does now and then for runs that Redis lost. */
  readonly again: () => Promise<unknown>;
}

async function untilDone({ queues, id, again }: Waited): Promise<void> {
  const deadline = performance.now() + MOST_MS;
  for (let look = 1; performance.now() < deadline; look += 1) {
    const job = await findRoot(queues, id);
    if (job && (await job.isCompleted())) return;
    // While its disk is full, Redis takes nothing: the scheduler tries again too.
    if (look % 40 === 0) await again().catch(() => undefined);
    await sleep(50);
  }
  throw new Error(`The run ${id} did not end.`);
}

function findRoot(queues: Queues, id: string): Promise<Job | undefined> {
  return (queues.writers.get(PIPELINE) as Queues["pull"]).getJob(id);
}

interface Place {
  readonly config: Config;
  readonly queues: Queues;
  readonly redis: Redis;
}

async function disturb(what: Disturbance, { config, queues, redis }: Place): Promise<void> {
  await untilActive(queues);
  if (what === "disk full") {
    const ballast = fillDisk(config.dataDir);
    // Long enough that stages meet it more than once.
    await sleep(3000);
    rmSync(ballast);
    return;
  }
  const pid = Number(/process_id:(\d+)/.exec(await redis.info("server"))?.[1]);
  process.kill(pid, "SIGKILL");
  if (what === "redis emptied") {
    rmSync(join(config.dataDir, "redis", "appendonlydir"), { recursive: true, force: true });
  }
}

/** Until a stage that writes is under way. */
async function untilActive(queues: Queues): Promise<void> {
  const writer = queues.writers.get(PIPELINE);
  const deadline = performance.now() + MOST_MS;
  while (((await writer?.getActiveCount()) ?? 0) === 0 && performance.now() < deadline) {
    await sleep(5);
  }
}
