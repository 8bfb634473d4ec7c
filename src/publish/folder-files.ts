import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** Paths of all files below a folder, with "/" between parts, in the order of their bytes. */
export function listFolder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => nameBelow(folder, join(entry.parentPath, entry.name)))
    .sort(compareBytes);
}

/** Folders below a folder in which nothing lies, as listFolder names files. */
export function listEmptyFolders(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readdirSync(path).length === 0)
    .map((path) => nameBelow(folder, path))
    .sort(compareBytes);
}

function nameBelow(folder: string, path: string): string {
  return relative(folder, path).split(sep).join("/");
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
