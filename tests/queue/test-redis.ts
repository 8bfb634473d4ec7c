import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll } from "vitest";
import { makeFolder, removeFolders } from "../end-to-end/tiny-workspace.ts";
import { findBinary } from "../services/find-binary.ts";

/** Tests of the queue need a Redis; `tests/services` says what to install where there is none. */
export const NO_REDIS = !findBinary("redis-server") && !process.env.REDIS_URL;

/** For tests that kill their Redis, which must be one of their own. */
export const NO_REDIS_SERVER = !findBinary("redis-server");

/** A redis-server on loopback with an append-only file, which a test may kill and start again. */
export interface TestRedis {
  readonly url: string;
  /** SIGKILL, then waits until it is gone. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Takes away what the killed server has on disk: the next start is of an empty one. */
  empty(): Promise<void>;
  close(): Promise<void>;
}

/** A Redis for the tests of one `describe`, which is closed after them; the folders they made are removed then. */
export function useTestRedis(open = openTestRedis): TestRedis {
  let held: TestRedis | undefined;
  const redis = () => {
    if (!held) throw new Error("Redis is open from the first test on.");
    return held;
  };
  beforeAll(async () => {
    held = await open();
  });
  afterAll(async () => {
    await held?.close();
    removeFolders();
  });
  return {
    get url() {
      return redis().url;
    },
    kill: () => redis().kill(),
    start: () => redis().start(),
    empty: () => redis().empty(),
    close: () => redis().close(),
  };
}

/** The Redis of REDIS_URL, or a private one. */
async function openTestRedis(): Promise<TestRedis> {
  const url = process.env.REDIS_URL;
  if (!url) return startTestRedis();
  const nothing = async () => {};
  return { url, kill: nothing, start: nothing, empty: nothing, close: nothing };
}

export async function startTestRedis(): Promise<TestRedis> {
  const folder = makeFolder("zhengxin-redis-");
  const port = await findFreePort();
  let server: ChildProcess | undefined;
  const url = `redis://127.0.0.1:${port}`;
  const end = async (signal: NodeJS.Signals) => {
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, "exit");
    server.kill(signal);
    await ended;
  };
  const start = async () => {
    server = spawn(
      findBinary("redis-server") as string,
      [
        ...["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""],
        ...["--appendonly", "yes", "--appendfsync", "everysec"],
      ],
      { stdio: "ignore" },
    );
    const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
    redis.on("error", () => undefined);
    await redis.ping();
    redis.disconnect();
  };
  await start();
  const empty = async () => {
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
  };
  return { url, start, empty, kill: () => end("SIGKILL"), close: () => end("SIGTERM") };
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
