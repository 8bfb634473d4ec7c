import { Redis } from "ioredis";
import type { Logger } from "pino";
import type { Config } from "../config.ts";
import { openPrivateRedis } from "./private-redis.ts";

/** Where Redis is reached, and how it is left. */
export interface RedisPlace {
  /** Connection options for everybody who wants a connection of their own. */
  readonly connection: Connection;
  /** Said to people: an address without its password, or the socket of the private server. */
  readonly description: string;
  /** Stops the private server, if it was started here. */
  close(): Promise<void>;
}

export interface Connection {
  readonly url?: string;
  readonly path?: string;
  readonly maxRetriesPerRequest: null;
  readonly retryStrategy: (times: number) => number;
}

/** Commands wait for Redis to come back, however long that takes; it is tried again at least every two seconds. */
const PATIENCE = {
  maxRetriesPerRequest: null,
  retryStrategy: (times: number) => Math.min(50 * 2 ** Math.min(times, 10), 2000),
} as const;

/**
 * Redis by the setting REDIS_URL, else the private server of this data folder, which is started when it is not running.
 * @throws Error in a sentence when there is neither
 */
export async function findRedis(
  config: Pick<Config, "redisUrl" | "dataDir">,
  log: Logger,
): Promise<RedisPlace> {
  if (config.redisUrl) {
    const connection = { url: config.redisUrl, ...PATIENCE };
    return { connection, description: hidePassword(config.redisUrl), async close() {} };
  }
  const server = await openPrivateRedis(config.dataDir, log);
  return {
    connection: { path: server.socket, ...PATIENCE },
    description: server.socket,
    close: server.close,
  };
}

/** A connection of one's own. Its errors are logged once for each outage. */
export function connectRedis({ url, ...options }: Connection, log: Logger): Redis {
  const redis = url ? new Redis(url, options) : new Redis(options);
  let down = false;
  redis.on("error", (error: Error) => {
    if (!down) log.warn({ reason: error.message }, "Redis cannot be reached; it is tried again");
    down = true;
  });
  redis.on("ready", () => {
    if (down) log.warn("Redis is reached again");
    down = false;
  });
  return redis;
}

function hidePassword(url: string): string {
  try {
    const parsed = new URL(url);
    parsed.password = "";
    return parsed.href;
  } catch {
    throw new Error("The setting REDIS_URL is no address; write redis://host:6379/0.");
  }
}
