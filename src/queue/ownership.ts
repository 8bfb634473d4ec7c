import { linkSync, readFileSync, renameSync, rmSync } from "node:fs";
import { writeWhole } from "../write-whole.ts";

/**
 * Makes this process the owner that a file names, unless another one that is alive is.
 * @returns whether this process is the owner now
 */
export function claim(file: string): boolean {
  const own = `${file}.${process.pid}`;
  writeWhole(own, describeProcess(process.pid), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const holder = tryLink(own, file);
      if (holder === undefined) return true;
      if (holder === describeProcess(Number(holder.split(" ")[0]))) {
        return holder === describeProcess(process.pid);
      }
      removeStale(file, holder);
    }
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

export function giveUp(file: string): void {
  rmSync(file, { force: true });
}

/** Puts the file in its place whole; returns what the one that is there says. */
function tryLink(own: string, file: string): string | undefined {
  try {
    linkSync(own, file);
    return undefined;
  } catch {
    try {
      return readFileSync(file, "utf8");
    } catch {
      return "";
    }
  }
}

/** Takes a dead owner's file away; should it be another's by now, it goes back. */
function removeStale(file: string, holder: string): void {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
    if (readFileSync(aside, "utf8") !== holder) linkSync(aside, file);
  } catch {
    // Another process was quicker.
  }
  rmSync(aside, { force: true });
}

/**
 * A process so that no other is taken for it: its number, and on Linux the start of the machine and of the process, since
 * numbers are given out again. Empty when there is no such process.
 */
function describeProcess(pid: number): string {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return "";
  }
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return `${pid} ${boot} ${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]}`;
  } catch {
    return `${pid}`;
  }
}
