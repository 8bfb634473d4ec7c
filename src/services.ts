import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { Config } from "./config.ts";
import { openQueues, openToOneJob } from "./queue/queues.ts";
import { connectRedis, placeRedis } from "./queue/redis.ts";
import { askRedis, findRedisTrouble, sayAway } from "./queue/redis-state.ts";
import type { Scheduler } from "./queue/scheduler.ts";
import type { StageWorkers } from "./queue/worker.ts";
import { makeApp } from "./serve/app.ts";
import { openMetrics } from "./serve/metrics.ts";
import { startServer, type WebServer } from "./serve/server.ts";

/** What one process does: any of the three, on any number of machines that share Redis and the data folder. */
export interface Roles {
  readonly worker: boolean;
  readonly scheduler: boolean;
  readonly web: boolean;
}

export interface Services {
  readonly redis: string;
  /** Address of the web server, if there is one. */
  readonly address: string | undefined;
  /** What is still waited for, said to people; undefined when everything runs. */
  readonly missing: { readonly zh: string; readonly en: string } | undefined;
  /** Ends, with its error, only when what was waited for is there and the rest cannot be started all the same. */
  readonly failed: Promise<never>;
  /** Stops everything in good order: nothing new is begun, running stages finish in time or are rolled back. */
  close(): Promise<void>;
}

/** It is said that Redis is away so long after the program began, but never sooner after it was asked than this. */
const PATIENCE_MS = 1700;
const LEAST_PATIENCE_MS = 300;
const CLOSING_MS = 3000;

/** With Redis away, a connection may never end in good order. */
async function inTime(closing: Promise<void> | undefined): Promise<void> {
  await Promise.race([closing, sleep(CLOSING_MS, undefined, { ref: false })]);
}

/**
 * Starts the long-running parts of the program: pages at once, workers and scheduler as soon as Redis answers, which is told when it takes
 * longer than a moment.
 * @throws Error in a sentence when there is no Redis to be had, or the web server's address is taken
 */
export async function startServices(config: Config, roles: Roles, log: Logger): Promise<Services> {
  const place = placeRedis(config, log, { waits: true });
  const queues = openQueues(config, place.connection, log);
  const redis = connectRedis(place.connection, log, true);
  const metrics = openMetrics(config, queues);
  let stopping = false;
  const redisState = () => askRedis(redis, queues.prefix, place.description);
  let web: WebServer | undefined;
  let workers: StageWorkers | undefined;
  let scheduler: Scheduler | undefined;
  const close = async () => {
    stopping = true;
    await inTime(scheduler?.close());
    await workers?.close(config.shutdownSeconds);
    await inTime(web?.close());
    await inTime(queues.close());
    redis.disconnect();
    await place.close();
  };
  try {
    if (roles.web) {
      const app = makeApp({
        config,
        queues,
        metrics,
        redisState,
        log,
        warm: roles.worker && roles.scheduler,
        prepare: true,
        isStopping: () => stopping,
      });
      web = await startServer(app, config.host, config.port);
    }
    const begun = begin();
    const patience = Math.max(LEAST_PATIENCE_MS, PATIENCE_MS - performance.now());
    const inMoment = await Promise.race([
      begun.then(() => true),
      refused(),
      sleep(patience, false, { ref: false }),
    ]);
    const isThere = inMoment || (await redisState()).reached;
    if (!inMoment && isThere) await begun;
    const missing = isThere ? undefined : sayAway(place.description);
    if (missing) log.warn({ redis: place.description }, missing.en);
    const failed = new Promise<never>((_, reject) => {
      begun.catch((error) => stopping || reject(error));
    });
    failed.catch(() => undefined);
    return { redis: place.description, address: web?.address, missing, failed, close };
  } catch (error) {
    await close();
    throw error;
  }

  /** False as soon as somebody else's Redis is known to be away; nothing is waited for in vain. */
  async function refused(): Promise<boolean> {
    if (config.redisUrl && (await findRedisTrouble(config))) return false;
    return new Promise(() => undefined);
  }

  /** What needs Redis, in the order in which it is needed. The stages are loaded only now: pages need none of them. */
  async function begin(): Promise<void> {
    await place.opened;
    await redis.ping();
    if (stopping) return;
    const { startWorkers } = await import("./queue/worker.ts");
    const { startScheduler } = await import("./queue/scheduler.ts");
    if (stopping) return;
    if (roles.worker) {
      await openToOneJob(queues);
      workers = startWorkers(config, queues, log, metrics.countJob);
    }
    if (roles.scheduler && !stopping) scheduler = await startScheduler(config, queues, log);
  }
}
