import { setTimeout as sleep } from "node:timers/promises";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import type { Config } from "../config.ts";
import { openQueues, openToOneJob, type Queues } from "./queues.ts";
import { connectRedis, findRedis } from "./redis.ts";

const REACH_MS = 5000;

/**
 * Opens the queues for one piece of work and closes them again, as a command does.
 * @throws Error in a sentence when Redis does not answer within five seconds
 */
export async function visitQueues<T>(
  config: Config,
  log: Logger,
  work: (queues: Queues, redis: Redis) => Promise<T>,
): Promise<T> {
  const place = await findRedis(config, log);
  const redis = connectRedis(place.connection, log);
  try {
    const reached = await Promise.race([redis.ping(), sleep(REACH_MS, undefined, { ref: false })]);
    if (!reached) {
      throw new Error(
        `Redis does not answer at ${place.description}. Start it, or correct REDIS_URL.`,
      );
    }
    const queues = openQueues(config, place.connection, log);
    try {
      await openToOneJob(queues);
      return await work(queues, redis);
    } finally {
      await queues.close();
    }
  } finally {
    redis.disconnect();
    await place.close();
  }
}
