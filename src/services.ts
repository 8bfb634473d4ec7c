import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { Config } from "./config.ts";
import { openQueues } from "./queue/queues.ts";
import { connectRedis, findRedis } from "./queue/redis.ts";
import { type Scheduler, startScheduler } from "./queue/scheduler.ts";
import { type StageWorkers, startWorkers } from "./queue/worker.ts";
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
  /** Stops everything in good order: nothing new is begun, running stages finish in time or are rolled back. */
  close(): Promise<void>;
}

const PING_MS = 1000;
const CLOSING_MS = 3000;

/** With Redis away, a connection may never end in good order. */
async function inTime(closing: Promise<void> | undefined): Promise<void> {
  await Promise.race([closing, sleep(CLOSING_MS, undefined, { ref: false })]);
}

/**
 * Starts the long-running parts of the program.
 * @throws Error in a sentence when there is no Redis to be had, or the web server's address is taken
 */
export async function startServices(config: Config, roles: Roles, log: Logger): Promise<Services> {
  const place = await findRedis(config, log);
  const queues = await openQueues(config, place.connection, log);
  const redis = connectRedis(place.connection, log);
  const metrics = openMetrics(config, queues);
  let stopping = false;
  const pingRedis = async () =>
    redis.status === "ready" &&
    (await Promise.race([redis.ping().then(() => true), sleep(PING_MS, false, { ref: false })]));
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
        pingRedis,
        log,
        warm: roles.worker && roles.scheduler,
        isStopping: () => stopping,
      });
      web = await startServer(app, config.host, config.port);
    }
    if (roles.worker) workers = startWorkers(config, queues, log, metrics.countJob);
    if (roles.scheduler) scheduler = await startScheduler(config, queues, log);
  } catch (error) {
    await close();
    throw error;
  }
  return { redis: place.description, address: web?.address, close };
}
