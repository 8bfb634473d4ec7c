import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { getPriority, setPriority, tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export interface WatchedOptions {
  /** The source file it runs, absolute. */
  readonly program: string;
  /** What it is told at its start, for src/watched-child.ts to read. */
  readonly parameters: readonly string[];
  /** How its memory is bound: resident, in bytes, watched from outside; and the JavaScript heap, in MiB. */
  readonly mostResident: number;
  readonly mostHeapMiB: number;
  readonly stdio: StdioOptions;
  /** Whether it has less of the processors than the program itself, where both want them. */
  readonly yields: boolean;
  /** Needed where messages hold more than JSON does. */
  readonly serialization?: "json" | "advanced";
}

/** A process of ours that may come to grief without the program. */
export interface WatchedProcess {
  readonly child: ChildProcess;
  readonly pid: number;
  isAlive(): boolean;
  /** Whether it was killed because it took too much memory. */
  isTooLarge(): boolean;
  /** Bytes it has in memory, where the system tells. */
  resident(): number;
  /** Ends it at once, whatever it is doing. */
  kill(): void;
}

/** Less than the program's own, unless that is lower still: pages are served first. */
const NICENESS = 10;
const PAGE = 4096;
const WATCH_MS = 100;

/**
 * Starts a process of the program's own code: without the program's environment, with a temporary folder of its own,
 * watched for its resident memory. It keeps no program alive that has nothing else to do.
 */
export function startWatched(options: WatchedOptions): WatchedProcess {
  const spill = mkdtempSync(join(tmpdir(), "zhengxin-process-"));
  const child: ChildProcess = spawn(
    process.execPath,
    [
      `--max-old-space-size=${Math.floor(options.mostHeapMiB)}`,
      ...launch(options.program),
      String(process.pid),
      spill,
      ...options.parameters,
    ],
    { stdio: options.stdio, serialization: options.serialization ?? "json", env: {} },
  );
  const pid = child.pid ?? 0;
  if (pid && options.yields) lowerPriority(pid);
  let ended = false;
  let tooLarge = false;
  const kill = () => {
    ended = true;
    child.kill("SIGKILL");
  };
  const watch: NodeJS.Timeout = setInterval(() => {
    if (readResident(pid) <= options.mostResident) return;
    tooLarge = true;
    kill();
  }, WATCH_MS);
  const gone = () => {
    ended = true;
    clearInterval(watch);
    rmSync(spill, { recursive: true, force: true });
  };
  child.once("error", gone);
  child.once("exit", gone);
  for (const part of [child, child.channel, watch] as unknown as { unref?: () => void }[]) {
    part?.unref?.();
  }
  return {
    child,
    pid,
    isAlive: () => !ended && pid > 0,
    isTooLarge: () => tooLarge,
    resident: () => readResident(pid),
    kill,
  };
}

/** What node is told to run: the compiled file beside this one (see cli/compile.js), else the source, translated on its way in. */
function launch(program: string): string[] {
  const own = fileURLToPath(import.meta.url);
  if (own.endsWith(".js")) {
    const name = relative(import.meta.dirname, program).replaceAll(/[/\\]/g, "-");
    const compiled = join(dirname(own), name.replace(/\.ts$/, ".js"));
    if (existsSync(compiled)) return [compiled];
  }
  const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  return ["--import", loader, program];
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, Math.max(NICENESS, getPriority()));
  } catch {
    // It may have ended already, or the system has no such thing: it then runs as any other.
  }
}

function readResident(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * PAGE;
  } catch {
    return 0;
  }
}
