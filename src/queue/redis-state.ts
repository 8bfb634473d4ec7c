import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import type { Config } from "../config.ts";
import type { Bilingual } from "../standard/bilingual.ts";
import { privateSocket } from "./private-redis.ts";

/** What can be asked of Redis just now. */
export interface RedisState {
  /** Whether it answers at all. */
  readonly reached: boolean;
  /** Why nothing can be queued, in a sentence; undefined when all is well. */
  readonly trouble: Bilingual | undefined;
}

const ANSWER_MS = 1000;

/**
 * Asks Redis to answer, and to write something down: one that answers may take no changes, because its disk is full for instance.
 * @param prefix of the queues, under which it is written for a minute
 */
export async function askRedis(
  redis: Pick<Redis, "status" | "set">,
  prefix: string,
  place: string,
): Promise<RedisState> {
  if (redis.status !== "ready") return { reached: false, trouble: sayAway(place) };
  const written = redis.set(`${prefix}:probe`, "1", "EX", 60).then(
    () => ({ reached: true, trouble: undefined }),
    (error: Error) => ({ reached: true, trouble: sayRefusing(place, error.message) }),
  );
  const late = sleep(ANSWER_MS, { reached: false, trouble: sayAway(place) }, { ref: false });
  return Promise.race([written, late]);
}

/**
 * The same for a command: of the Redis that is set, or of the private server of the data folder if one is running; nothing is started.
 * @returns undefined when all is well, or nothing runs that would need Redis
 */
export async function findRedisTrouble(
  config: Pick<Config, "redisUrl" | "dataDir" | "queuePrefix">,
): Promise<Bilingual | undefined> {
  const socket = privateSocket(config.dataDir);
  if (!config.redisUrl && !existsSync(socket)) return undefined;
  const options = {
    lazyConnect: true,
    connectTimeout: ANSWER_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  };
  const redis = config.redisUrl
    ? new Redis(config.redisUrl, options)
    : new Redis({ ...options, path: socket });
  redis.on("error", () => undefined);
  try {
    await Promise.race([redis.connect(), sleep(ANSWER_MS, undefined, { ref: false })]).catch(
      () => undefined,
    );
    const place = config.redisUrl ? hidePassword(config.redisUrl) : socket;
    const { reached, trouble } = await askRedis(redis, config.queuePrefix, place);
    // The socket of a private server that was killed stays; without a program that needs it nothing is missing.
    return reached || config.redisUrl ? trouble : undefined;
  } finally {
    redis.disconnect();
  }
}

/** The address of a Redis as it may be told: without its password. */
export function hidePassword(url: string): string {
  try {
    const parsed = new URL(url);
    parsed.password = "";
    return parsed.href;
  } catch {
    throw new Error("The setting REDIS_URL is no address; write redis://host:6379/0.");
  }
}

export function sayAway(place: string): Bilingual {
  return {
    zh: `Redis（${place}）没有应答：网页照常提供，排队、定时与运行待其恢复后自动开始。请启动 Redis，或更正 REDIS_URL。`,
    en: `Redis does not answer at ${place}: pages are served, and schedules and runs begin by themselves once it does. Start it, or correct REDIS_URL.`,
  };
}

/** Redis names the reason by its first word. */
function sayRefusing(place: string, said: string): Bilingual {
  const full = /No space left on device|MISCONF/.test(said);
  const memory = said.startsWith("OOM");
  const cause = full
    ? {
        zh: "写不下它的文件，多半是其磁盘已满。请腾出空间",
        en: "cannot write its files, mostly because its disk is full. Make room",
      }
    : memory
      ? { zh: "内存已到上限。请调高 maxmemory", en: "is out of memory. Raise its maxmemory" }
      : {
          zh: "目前只读或拒绝写入。请查看其日志",
          en: "takes no changes at present. Look at its log",
        };
  return {
    zh: `Redis（${place}）有应答但${cause.zh}；此后排队与运行自动继续，无需重启。（${said}）`,
    en: `Redis at ${place} answers but ${cause.en}; queues and runs go on by themselves afterwards, without a restart. (${said})`,
  };
}
