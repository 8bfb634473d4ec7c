import type { Socket } from "node:net";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { startWatched } from "../watched-process.ts";
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

/** Starts a process for queries. */
export function startProcess(options: ProcessOptions): QueryProcess {
  const watched = startWatched({
    program: options.program ?? WORKER,
    parameters: [options.memory, String(options.threads), options.spillSize],
    mostResident: options.mostResident,
    mostHeapMiB: 256,
    stdio: ["ignore", "ignore", "ignore", "pipe", "ipc"],
    yields: true,
  });
  const { child, pid, isAlive, kill } = watched;
  const output = child.stdio[3] as Readable;
  output.on("error", () => undefined);
  const frames = readFrames(output);
  // A process that waits for work keeps no program alive.
  (output as unknown as { unref?: () => void }).unref?.();
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
    isAlive,
    kill,
  };
}
