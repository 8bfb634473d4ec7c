import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, statfsSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { storageFaultOf } from "../store/storage-fault.ts";
import { claim, giveUp } from "./ownership.ts";

export interface PrivateRedis {
  readonly socket: string;
  /** Stops the server if it was started here; else leaves it to whoever started it. */
  close(): Promise<void>;
}

/** The longest path a Unix socket may have on Linux, without its final zero. */
const LONGEST_SOCKET = 107;
const STARTING_MS = 10_000;
const WATCH_MS = 500;

/**
 * The Redis of one data folder: on a Unix socket that only its owner may use, never on the network, with every change
 * appended to a file, so that queues outlive a crash. One process owns it: it starts it, or takes over one that a killed
 * owner left, starts it again should it die, and stops it in the end. Others share it, and own it once the owner is gone.
 * @throws Error in a sentence when redis-server is not on the PATH or does not start
 */
export async function openPrivateRedis(dataDir: string, log: Logger): Promise<PrivateRedis> {
  const folder = folderOf(dataDir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const socket = privateSocket(dataDir);
  const owner = join(folder, "owner");
  const deadline = performance.now() + STARTING_MS;
  let owned = claim(owner);
  if (owned) await startUnlessThere(folder, socket, owner);
  while (!owned && (await stateOf(socket)) !== "ready") {
    await sleep(50);
    owned = claim(owner);
    if (owned) await startUnlessThere(folder, socket, owner);
    if (!owned && performance.now() > deadline) throw new Error(sayNoAnswer(socket));
  }
  let stopping = false;
  let underWay = false;
  let told = "";
  const look = async () => {
    if (stopping || (await stateOf(socket)) !== "gone") return;
    owned = claim(owner);
    if (!owned || stopping) return;
    if (told === "") log.error("The private redis-server ended; it is started again");
    try {
      await startUnlessThere(folder, socket, owner);
      told = "";
    } catch (error) {
      const { message } = error as Error;
      // It is tried twice a second, which need not be told as often.
      if (message !== told) log.error(message);
      told = message;
    }
  };
  const watch = setInterval(() => {
    if (underWay) return;
    underWay = true;
    void look().finally(() => {
      underWay = false;
    });
  }, WATCH_MS);
  watch.unref();
  return {
    socket,
    async close() {
      stopping = true;
      clearInterval(watch);
      if (!owned) return;
      await stopServer(socket);
      giveUp(owner);
    },
  };
}

/**
 * The same for whoever can wait: what hinders its start, as a full disk, is told once and tried again, until it starts or nobody waits any
 * more.
 * @throws Error in a sentence when redis-server is not on the PATH, or the waiting ended
 */
export async function awaitPrivateRedis(
  dataDir: string,
  log: Logger,
  waiting: AbortSignal,
): Promise<PrivateRedis> {
  let told = "";
  for (;;) {
    try {
      return await openPrivateRedis(dataDir, log);
    } catch (error) {
      if (error instanceof NotInstalled || waiting.aborted) throw error;
      const fault = storageFaultOf(error);
      const message = fault ? `${fault.zh} ${fault.en}` : (error as Error).message;
      if (message !== told) log.error({ reason: message }, "The private redis-server cannot start");
      told = message;
      await sleep(WATCH_MS, undefined, { signal: waiting });
    }
  }
}
async function startUnlessThere(folder: string, socket: string, owner: string): Promise<void> {
  try {
    if ((await stateOf(socket)) === "gone") {
      rmSync(socket, { force: true });
      await untilReady(start(folder, socket), socket);
    }
    // One that reads a long file, or waits for its disk, is waited for: a second one would write to the same file.
    while ((await stateOf(socket)) === "busy") await sleep(50);
  } catch (error) {
    giveUp(owner);
    throw error;
  }
}

/** Asks the server to write down what it has and end, and waits until it has. */
async function stopServer(socket: string): Promise<void> {
  const deadline = performance.now() + STARTING_MS;
  const connection = connect(socket);
  connection.once("error", () => connection.destroy());
  connection.once("connect", () => connection.write("SHUTDOWN\r\n"));
  while (!connection.destroyed && performance.now() < deadline) await sleep(20);
  connection.destroy();
}

interface Started {
  readonly child: ChildProcess;
  readonly failure: Promise<Error>;
}

function start(folder: string, socket: string): Started {
  const child = spawn(
    "redis-server",
    [
      ...["--port", "0", "--unixsocket", socket, "--unixsocketperm", "700"],
      ...["--dir", folder, "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""],
      ...["--maxmemory-policy", "noeviction", "--logfile", "redis.log"],
    ],
    // In a process group of its own, so that Ctrl-C reaches the program alone, which then stops it in good order.
    { stdio: "ignore", detached: true },
  );
  const failure = new Promise<Error>((resolve) => {
    child.once("error", (error: NodeJS.ErrnoException) =>
      resolve(error.code === "ENOENT" ? new NotInstalled() : error),
    );
    child.once("exit", (code) => resolve(new Error(sayEnded(folder, code))));
  });
  return { child, failure };
}

/** Said with the reason where it is one the server's own log, on the same disk, cannot tell. */
function sayEnded(folder: string, code: number | null): string {
  const { bavail } = statfsSync(folder);
  const log = join(folder, "redis.log");
  return bavail === 0
    ? `私有 redis-server 无法启动：${folder} 所在磁盘已满。请腾出空间。 The private redis-server cannot start: the disk of ${folder} is full. Make room on it.`
    : `私有 redis-server 已退出（代码 ${code}），原因见 ${log}。 The private redis-server ended with code ${code}; ${log} says why.`;
}

class NotInstalled extends Error {
  constructor() {
    super(NOT_INSTALLED);
  }
}

const NOT_INSTALLED =
  "没有找到 redis-server：请安装（Debian：apt-get install redis-server），或在 REDIS_URL 中给出 Redis 地址。 There is no redis-server on the PATH: install it (Debian: apt-get install redis-server), or give the address of a Redis in REDIS_URL.";

/** Until it is there; whether it has read its file by then is another matter. */
async function untilReady({ child, failure }: Started, socket: string): Promise<void> {
  const deadline = performance.now() + STARTING_MS;
  while ((await stateOf(socket)) === "gone") {
    const failed = await Promise.race([failure, sleep(20)]);
    if (failed instanceof Error) throw failed;
    if (performance.now() > deadline) {
      child.kill();
      throw new Error(sayNoAnswer(socket));
    }
  }
}

function sayNoAnswer(socket: string): string {
  return `私有 redis-server 在 ${socket} 没有应答。 The private redis-server does not answer at ${socket}.`;
}

/**
 * Whether a Redis is at a socket: "gone" only if nobody takes connections there; "busy" while it reads its file or says nothing; "ready"
 * whatever else it says, as that it takes no changes.
 */
function stateOf(socket: string): Promise<"gone" | "busy" | "ready"> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    const done = (state: "gone" | "busy" | "ready") => {
      connection.destroy();
      resolve(state);
    };
    connection.setTimeout(1000, () => done("busy"));
    connection.once("connect", () => connection.write("PING\r\n"));
    connection.once("data", (data) =>
      done(data.toString().startsWith("-LOADING") ? "busy" : "ready"),
    );
    connection.once("end", () => done("busy"));
    connection.once("error", ({ code }: NodeJS.ErrnoException) =>
      done(code === "ENOENT" || code === "ECONNREFUSED" ? "gone" : "busy"),
    );
  });
}

const folderOf = (dataDir: string) => join(dataDir, "redis");

/** The socket of a data folder's server: in the folder, or, where its path is too long for one, in that for temporary files. */
export function privateSocket(dataDir: string): string {
  const folder = folderOf(dataDir);
  const beside = join(folder, "redis.sock");
  if (Buffer.byteLength(beside) <= LONGEST_SOCKET) return beside;
  const name = createHash("sha256").update(folder).digest("hex").slice(0, 16);
  return join(tmpdir(), `zhengxin-${name}.sock`);
}
