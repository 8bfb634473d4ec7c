import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Puts a disk of its own, in memory, in the place of a folder.
 * @param options of mount, as "size=64m"
 * @returns whether there is one: not every process may mount
 */
export function mountDisk(folder: string, options: string): boolean {
  return spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]).status === 0;
}

/** Takes a mounted disk away, even while something is open on it. */
export function unmountDisk(folder: string): void {
  spawnSync("umount", ["-l", folder]);
}

/** Fills a disk to the last byte; gives the file whose removal makes room again. */
export function fillDisk(folder: string): string {
  const ballast = join(folder, "ballast");
  for (let size = 1 << 26; size >= 1; size >>= 1) {
    for (;;) {
      try {
        writeFileSync(ballast, Buffer.alloc(size), { flag: "a" });
      } catch {
        break;
      }
    }
  }
  return ballast;
}
