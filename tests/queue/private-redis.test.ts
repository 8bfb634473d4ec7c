import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { pino } from "pino";
import { afterAll, describe, expect, test } from "vitest";
import { claim, giveUp } from "../../src/queue/ownership.ts";
import { awaitPrivateRedis, openPrivateRedis } from "../../src/queue/private-redis.ts";
import { makeFolder, removeFolders } from "../end-to-end/tiny-workspace.ts";
import { fillDisk, mountDisk, unmountDisk } from "../services/small-disk.ts";
import { SILENT_LOG } from "./queue-fixture.ts";
import { NO_REDIS_SERVER } from "./test-redis.ts";

afterAll(removeFolders);

async function ask(socket: string, ...command: [string, ...string[]]): Promise<unknown> {
  const redis = new Redis({ path: socket, retryStrategy: () => 50, maxRetriesPerRequest: null });
  redis.on("error", () => undefined);
  try {
    return await redis.call(...command);
  } finally {
    redis.disconnect();
  }
}

async function pidOf(socket: string): Promise<number> {
  return Number(/process_id:(\d+)/.exec(String(await ask(socket, "INFO", "server")))?.[1]);
}

test("an owner is one at a time, and a dead one's claim is free", () => {
  const file = join(makeFolder(), "owner");
  expect(claim(file)).toBe(true);
  expect(claim(file)).toBe(true);
  const other = (text: string) => {
    giveUp(file);
    writeFileSync(file, text);
  };
  // Process 1 is alive, but it is not the one that claimed: the machine has been started since.
  other("1 00000000-0000-0000-0000-000000000000 5");
  expect(claim(file)).toBe(true);
  other(`${spawnSync("true").pid} x y`);
  expect(claim(file)).toBe(true);
  const stat = readFileSync("/proc/1/stat", "utf8");
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  other(`1 ${boot} ${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]}`);
  expect(claim(file)).toBe(false);
});

describe.skipIf(NO_REDIS_SERVER)("a private Redis", () => {
  test("keeps what it was told over a kill, is started again, and ends with its owner", async () => {
    const dataDir = makeFolder();
    const server = await openPrivateRedis(dataDir, SILENT_LOG);
    expect(server.socket.startsWith(dataDir)).toBe(true);
    await ask(server.socket, "SET", "promise", "kept");
    const first = await pidOf(server.socket);
    process.kill(first, "SIGKILL");
    expect(await ask(server.socket, "GET", "promise")).toBe("kept");
    const second = await pidOf(server.socket);
    expect(second).not.toBe(first);
    expect(await ask(server.socket, "CONFIG", "GET", "port")).toEqual(["port", "0"]);
    await server.close();
    expect(existsSync(server.socket)).toBe(false);
    const third = await openPrivateRedis(dataDir, SILENT_LOG);
    expect(await ask(third.socket, "GET", "promise")).toBe("kept");
    await third.close();
    while (existsSync(`/proc/${second}`)) await sleep(20);
  });

  test("that says nothing for a while is not started a second time", async () => {
    const dataDir = makeFolder();
    const server = await openPrivateRedis(dataDir, SILENT_LOG);
    const first = await pidOf(server.socket);
    process.kill(first, "SIGSTOP");
    await sleep(3000);
    process.kill(first, "SIGCONT");
    expect(await pidOf(server.socket)).toBe(first);
    await server.close();
  });

  test("that takes no changes is not started a second time", async () => {
    const dataDir = makeFolder();
    const server = await openPrivateRedis(dataDir, SILENT_LOG);
    const first = await pidOf(server.socket);
    // It answers PING by an error too, as it does while its disk is full.
    await ask(server.socket, "CONFIG", "SET", "requirepass", "not-a-real-secret");
    await sleep(2000);
    const unlocked = new Redis({ path: server.socket, password: "not-a-real-secret" });
    expect(String(await unlocked.info("server"))).toContain(`process_id:${first}`);
    await unlocked.config("SET", "requirepass", "");
    unlocked.disconnect();
    await server.close();
  });

  test("on a full disk it is waited for, which is told once, and starts when there is room", async () => {
    const dataDir = makeFolder();
    if (!mountDisk(dataDir, "size=8m")) return;
    const ballast = fillDisk(dataDir);
    const told: string[] = [];
    const log = pino({ level: "error" }, { write: (line: string) => void told.push(line) });
    try {
      await expect(openPrivateRedis(dataDir, SILENT_LOG)).rejects.toThrow();
      const gone = new AbortController();
      const given = awaitPrivateRedis(dataDir, log, gone.signal);
      await sleep(1500);
      gone.abort();
      await expect(given).rejects.toThrow();
      const server = awaitPrivateRedis(dataDir, log, new AbortController().signal);
      await sleep(1500);
      // Of two who waited each tells it once.
      expect(told).toHaveLength(2);
      for (const line of told) expect(line).toMatch(/磁盘.*full/);
      rmSync(ballast);
      const { socket, close } = await server;
      expect(await ask(socket, "SET", "promise", "kept")).toBe("OK");
      await close();
    } finally {
      unmountDisk(dataDir);
    }
  }, 60_000);

  test("a path too long for a socket gets one elsewhere", async () => {
    const dataDir = join(makeFolder(), "a-long-name-".repeat(9));
    const server = await openPrivateRedis(dataDir, SILENT_LOG);
    expect(Buffer.byteLength(server.socket)).toBeLessThanOrEqual(107);
    expect(await ask(server.socket, "PING")).toBe("PONG");
    await server.close();
  });
});
