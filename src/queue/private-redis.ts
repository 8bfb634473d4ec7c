import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
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
  while (!owned && !(await answers(socket))) {
    await sleep(50);
    owned = claim(owner);
    if (owned) await startUnlessThere(folder, socket, owner);
    if (performance.now() > deadline) {
      throw new Error(`The private redis-server does not answer at ${socket}.`);
    }
  }
  let stopping = false;
  const watch = setInterval(async () => {
    if (stopping || (await answers(socket))) return;
    owned ||= claim(owner);
    if (!owned || stopping) return;
    log.error("The private redis-server ended; it is started again");
    await startUnlessThere(folder, socket, owner).catch((error: Error) => log.error(error.message));
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

async function startUnlessThere(folder: string, socket: string, owner: string): Promise<void> {
  if (await answers(socket)) return;
  rmSync(socket, { force: true });
  try {
    await untilReady(start(folder, socket), socket);
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
      resolve(error.code === "ENOENT" ? notInstalled() : error),
    );
    child.once("exit", (code) =>
      resolve(
        new Error(
          `The private redis-server ended with code ${code}; ${join(folder, "redis.log")} says why.`,
        ),
      ),
    );
  });
  return { child, failure };
}

function notInstalled(): Error {
  return new Error(
    "没有找到 redis-server：请安装（Debian：apt-get install redis-server），或在 REDIS_URL 中给出 Redis 地址。 There is no redis-server on the PATH: install it (Debian: apt-get install redis-server), or give the address of a Redis in REDIS_URL.",
  );
}

async function untilReady({ child, failure }: Started, socket: string): Promise<void> {
  const deadline = performance.now() + STARTING_MS;
  while (!(await answers(socket))) {
    const failed = await Promise.race([failure, sleep(20)]);
    if (failed instanceof Error) throw failed;
    if (performance.now() > deadline) {
      child.kill();
      throw new Error(`The private redis-server does not answer at ${socket}.`);
    }
  }
}

/** Whether a Redis answers PING; one that is still loading its file does not. */
function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    const done = (answer: boolean) => {
      connection.destroy();
      resolve(answer);
    };
    connection.setTimeout(1000, () => done(false));
    connection.once("connect", () => connection.write("PING\r\n"));
    connection.once("data", (data) => done(data.toString().startsWith("+PONG")));
    connection.once("error", () => done(false));
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
