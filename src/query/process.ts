import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import type { Socket } from "node:net";
import { getPriority, setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import { type Frame, type Order, readFrames } from "./frames.ts";

export interface ProcessOptions {
  /** DuckDB memory bound of each process, as "512MB". */
  readonly memory: string;
  readonly threads: number;
  /** How much it may spill to disk, as "1GB". */
  readonly spillSize: string;
  /** Resident memory at which a process is killed, in bytes. */
  readonly mostResident: number;
  /** Program of the process; default: worker.ts, which examines every statement. */
  readonly program?: string;
}

/** A process in which statements are run, one at a time. */
export interface QueryProcess {
  readonly pid: number;
  /** The files it has open; the caller keeps this up to date. */
  files: string;
  /** Whether it has yet to say that it is ready after its last statement; the caller keeps this up to date. */
  owesReady: boolean;
  /** Whose statements it runs; nobody else's ever, the caller sees to that. Undefined until it has an asker. */
  user: string | undefined;
  /** @param connection goes over to the process with the order */
  send(order: Order, connection?: Socket): void;
  /** The next frame; undefined once the process is gone. */
  next(): Promise<Frame | undefined>;
  isAlive(): boolean;
  /** Ends it at once, whatever it is doing. */
  kill(): void;
}

const WORKER = join(import.meta.dirname, "worker.ts");
/** Less than the program's own, unless that is lower still: pages are served first. */
const NICENESS = 10;
const PAGE = 4096;
const WATCH_MS = 200;

/**
 * Starts a process for queries: without the program's environment, at lower priority, with a temporary folder of its own,
 * watched for its resident memory.
 */
export function startProcess(options: ProcessOptions): QueryProcess {
  const spill = mkdtempSync(join(tmpdir(), "zhengxin-query-"));
  const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const child: ChildProcess = spawn(
    process.execPath,
    [
      "--max-old-space-size=256",
      "--import",
      loader,
      options.program ?? WORKER,
      options.memory,
      String(options.threads),
      spill,
      options.spillSize,
    ],
    { stdio: ["ignore", "ignore", "ignore", "pipe", "ipc"], env: {} },
  );
  const output = child.stdio[3] as Readable;
  output.on("error", () => undefined);
  const pid = child.pid ?? 0;
  if (pid) lowerPriority(pid);
  let ended = false;
  const kill = () => {
    ended = true;
    child.kill("SIGKILL");
  };
  const watch: NodeJS.Timeout = setInterval(() => {
    if (readResident(pid) > options.mostResident) kill();
  }, WATCH_MS);
  const gone = () => {
    ended = true;
    clearInterval(watch);
    rmSync(spill, { recursive: true, force: true });
  };
  child.once("error", gone);
  child.once("exit", gone);
  const frames = readFrames(output);
  // A process that waits for work keeps no program alive.
  for (const part of [child, child.channel, watch, output] as unknown as { unref?: () => void }[]) {
    part?.unref?.();
  }
  return {
    pid,
    files: "",
    owesReady: false,
    user: undefined,
    send(order, connection) {
      // Node's server would count the connection as its own still, and wait at its end for the process: for ever when that
      // is gone by then (net.Server.close, Node 20).
      if (connection) Object.assign(connection, { server: undefined });
      const sent = () => connection?.destroy();
      // A process that is gone says so by its frames, which end.
      if (child.connected) child.send(order, connection, sent);
      else sent();
    },
    async next() {
      const socket = output as Readable & { ref?: () => void; unref?: () => void };
      socket.ref?.();
      try {
        const frame = await frames.next();
        if (!frame.done) return frame.value;
      } catch {
        // The pipe of a process that was killed may end in the middle.
      } finally {
        socket.unref?.();
      }
      // Nothing can be heard of it any more, whether the system has said yet that it is gone or not.
      kill();
      return undefined;
    },
    isAlive: () => !ended && pid > 0,
    kill,
  };
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, Math.max(NICENESS, getPriority()));
  } catch {
    // It may have ended already, or the system has no such thing: it then runs as any other.
  }
}

/** Bytes a process has in memory, where the system tells. */
function readResident(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * PAGE;
  } catch {
    return 0;
  }
}
