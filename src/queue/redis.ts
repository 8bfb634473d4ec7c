import { Redis } from "ioredis";
import type { Logger } from "pino";
import type { Config } from "../config.ts";
import { awaitPrivateRedis, openPrivateRedis, privateSocket } from "./private-redis.ts";
import { hidePassword } from "./redis-state.ts";

/** Where Redis is reached, and how it is left. */
export interface RedisPlace {
  /** Connection options for everybody who wants a connection of their own. */
  readonly connection: Connection;
  /** Said to people: an address without its password, or the socket of the private server. */
  readonly description: string;
  /** Resolves once the private server answers; at once where Redis is somebody else's. @throws Error in a sentence */
  readonly opened: Promise<void>;
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
  const place = placeRedis(config, log, { waits: false });
  await place.opened;
  return place;
}

/**
 * The same at once, without waiting for a private server that takes its time to start.
 * @param waits has one that cannot start, as on a full disk, tried again until it can
 */
export function placeRedis(
  config: Pick<Config, "redisUrl" | "dataDir">,
  log: Logger,
  { waits }: { readonly waits: boolean },
): RedisPlace {
  if (config.redisUrl) {
    return {
      connection: { url: config.redisUrl, ...PATIENCE },
      description: hidePassword(config.redisUrl),
      opened: Promise.resolve(),
      async close() {},
    };
  }
  const socket = privateSocket(config.dataDir);
  const waiting = new AbortController();
  const server = waits
    ? awaitPrivateRedis(config.dataDir, log, waiting.signal)
    : openPrivateRedis(config.dataDir, log);
  const opened = server.then(() => undefined);
  opened.catch(() => undefined);
  return {
    connection: { path: socket, ...PATIENCE },
    description: socket,
    opened,
    async close() {
      waiting.abort();
      await (await server.catch(() => undefined))?.close();
    },
  };
}

/**
 * A connection of one's own. Its errors are logged once for each outage.
 * @param lazy makes it wait for its first command
 */
export function connectRedis(connection: Connection, log: Logger, lazy = false): Redis {
  const { url, ...others } = connection;
  const options = { ...others, lazyConnect: lazy };
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
