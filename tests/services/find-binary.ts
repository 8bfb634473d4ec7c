import { accessSync, constants, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Where Debian keeps servers that are not on everybody's PATH. */
const SERVER_FOLDERS = ["/usr/sbin", "/usr/local/sbin", "/sbin"];
const VERSIONED_FOLDERS = "/usr/lib/postgresql";

/** Full path of a program, or undefined when this machine has none. */
export function findBinary(name: string): string | undefined {
  const folders = [
    ...(process.env.PATH ?? "").split(delimiter),
    ...SERVER_FOLDERS,
    ...newestFirst(VERSIONED_FOLDERS).map((version) => join(VERSIONED_FOLDERS, version, "bin")),
  ];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function newestFirst(folder: string): string[] {
  try {
    return readdirSync(folder).sort((a, b) => Number(b) - Number(a));
  } catch {
    return [];
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
