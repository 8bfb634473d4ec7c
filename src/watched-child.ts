import { rmSync } from "node:fs";
import { Worker } from "node:worker_threads";

const LOOK_MS = 500;

/** What a watched process was started with. */
export interface WatchedChild {
  /** Its own temporary folder. */
  readonly spill: string;
  readonly parameters: readonly string[];
}

/**
 * To be called first in a process that src/watched-process.ts starts. It ends when the one that started it is gone, in the
 * middle of work too: a thread of its own looks for that. Signals that somebody sends to all processes of the program at
 * once are for the parent to act on.
 */
export function beWatched(): WatchedChild {
  const [parent = "", spill = "", ...parameters] = process.argv.slice(2);
  process.on("disconnect", () => {
    rmSync(spill, { recursive: true, force: true });
    process.exit();
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, ignore);
  const thread = new Worker(LOOK, {
    eval: true,
    execArgv: [],
    workerData: { parent: Number(parent), spill, every: LOOK_MS },
    resourceLimits: { maxOldGenerationSizeMb: 16 },
  });
  thread.unref();
  return { spill, parameters };
}

function ignore(): void {}

const LOOK = `
const { workerData: { parent, spill, every } } = require("node:worker_threads");
setInterval(() => {
  if (process.ppid === parent) return;
  require("node:fs").rmSync(spill, { recursive: true, force: true });
  process.kill(process.pid, "SIGKILL");
}, every);
`;
