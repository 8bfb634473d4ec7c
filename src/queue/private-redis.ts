import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";

export interface PrivateRedis {
  readonly socket: string;
  /** Stops the server if it was started here; else leaves it to whoever started it. */
  close(): Promise<void>;
}

/** The longest path a Unix socket may have on Linux, without its final zero. */
const LONGEST_SOCKET = 107;
const STARTING_MS = 10_000;
const RESTART_MS = 500;

/**
 * The Redis of one data folder: on a Unix socket that only its owner may use, never on the network, with every change
 * appended to a file, so that queues outlive a crash. One that runs already is shared; one that dies is started again.
 * @throws Error in a sentence when redis-server is not on the PATH or does not start
 */
export async function openPrivateRedis(dataDir: string, log: Logger): Promise<PrivateRedis> {
  const folder = join(dataDir, "redis");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const socket = socketFor(folder);
  if (await answers(socket)) return { socket, async close() {} };
  rmSync(socket, { force: true });
  let stopping = false;
  let server = start(folder, socket);
  const watch = (child: ChildProcess) =>
    child.once("exit", async (code, signal) => {
      if (stopping) return;
      log.error({ code, signal }, "The private redis-server ended; it is started again");
      await sleep(RESTART_MS);
      if (stopping) return;
      server = start(folder, socket);
      watch(server.child);
    });
  await untilReady(server, socket);
  watch(server.child);
  return {
    socket,
    async close() {
      stopping = true;
      await end(server.child);
    },
  };
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

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  await ended;
}

/** In the data folder; where its path is too long for a socket, in the folder for temporary files. */
function socketFor(folder: string): string {
  const beside = join(folder, "redis.sock");
  if (Buffer.byteLength(beside) <= LONGEST_SOCKET) return beside;
  const name = createHash("sha256").update(folder).digest("hex").slice(0, 16);
  return join(tmpdir(), `zhengxin-${name}.sock`);
}
