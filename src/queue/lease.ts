import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Redis } from "ioredis";

/** The right to write to one database, held by one worker at a time across all machines. */
export interface Lease {
  release(): Promise<void>;
}

/** Renews the lease of its holder, also when it ran out and nobody has taken it since. 1: still ours. */
const RENEW = `local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

const SHORTEST_WAIT_MS = 10;
const LONGEST_WAIT_MS = 100;

/**
 * Waits for the lease and keeps it until it is released. A holder that dies loses it after its time to live.
 * While Redis is away the holder goes on: nobody else can take the lease either, and DuckDB's own lock on the file
 * stands behind it.
 * @param onLost called when somebody else has taken the lease, as after a long pause of this process
 */
export async function takeLease(
  redis: Redis,
  key: string,
  timeToLiveMs: number,
  onLost: () => void,
): Promise<Lease> {
  const holder = `${process.pid}-${randomUUID()}`;
  let wait = SHORTEST_WAIT_MS;
  while ((await redis.set(key, holder, "PX", timeToLiveMs, "NX")) !== "OK") {
    await sleep(wait);
    wait = Math.min(wait * 1.5, LONGEST_WAIT_MS);
  }
  let pending = false;
  const timer = setInterval(async () => {
    if (pending) return;
    pending = true;
    try {
      const kept = await redis.eval(RENEW, 1, key, holder, timeToLiveMs);
      if (kept === 0) {
        clearInterval(timer);
        onLost();
      }
    } catch {
      // Redis is away or loading: the next renewal tells.
    } finally {
      pending = false;
    }
  }, timeToLiveMs / 3);
  return {
    async release() {
      clearInterval(timer);
      // What cannot be given back now runs out by itself.
      if (redis.status === "ready")
        await redis.eval(RELEASE, 1, key, holder).catch(() => undefined);
    },
  };
}
