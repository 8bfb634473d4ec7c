import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** Paths of all files below a folder, with "/" between parts, in the order of their bytes. */
export function listFolder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
