import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

export interface Measured {
  readonly seconds: number;
  /** Largest resident memory of the process and its children together, in MiB. */
  readonly peakMiB: number;
}

/** Runs a command to its end and measures wall time and resident memory (Linux: read from /proc). */
export async function measureProcess(
  command: string,
  parameters: readonly string[],
  options: { readonly cwd: string; readonly environment: NodeJS.ProcessEnv },
): Promise<Measured> {
  const start = performance.now();
  const child = spawn(command, parameters, {
    cwd: options.cwd,
    env: { ...process.env, ...options.environment },
    stdio: ["ignore", "ignore", "inherit"],
  });
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, residentMiB(child.pid as number));
  }, 50);
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(`${command} ${parameters.join(" ")} ended with code ${code}.`);
  return { seconds: (performance.now() - start) / 1000, peakMiB: peak };
}

/** Resident memory of this process now, in MiB. */
export function ownResidentMiB(): number {
  return process.memoryUsage.rss() / 2 ** 20;
}

function residentMiB(root: number): number {
  const parents = new Map<number, number[]>();
  const resident = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const status = readFileSync(`/proc/${name}/status`, "utf8");
      const parent = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]);
      resident.set(Number(name), Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024);
      parents.set(parent, [...(parents.get(parent) ?? []), Number(name)]);
    } catch {
      // The process ended between the listing and the reading.
    }
  }
  const sum = (process: number): number =>
    (resident.get(process) ?? 0) +
    (parents.get(process) ?? []).reduce((total, child) => total + sum(child), 0);
  return sum(root);
}
