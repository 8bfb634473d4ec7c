import { createHash } from "node:crypto";
import { closeSync, lstatSync, openSync, readFileSync, readSync } from "node:fs";

/**
 * Bytes of a file.
 * @throws what readFileSync throws, always with the file's path: of a fault after opening, as a folder or a failing disk, Node names none
 */
export function readBytes(file: string): Buffer {
  return naming(file, () => readFileSync(file));
}

/** As readBytes, as UTF-8 text. */
export function readText(file: string): string {
  return readBytes(file).toString("utf8");
}

/**
 * Whether something has the name, be it a link that leads nowhere: reading it then says what is wrong with it.
 * @throws Error of the system where nobody can say, as below a folder that may not be looked into
 */
export function isThere(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

const CHUNK = 1 << 20;

/**
 * sha-256 of a file of any length, lower-case hex.
 * @throws as readBytes
 */
export function sumFile(file: string): string {
  const sum = createHash("sha256");
  const chunk = Buffer.allocUnsafe(CHUNK);
  return naming(file, () => {
    const opened = openSync(file, "r");
    try {
      for (let read = readSync(opened, chunk); read > 0; read = readSync(opened, chunk)) {
        sum.update(chunk.subarray(0, read));
      }
    } finally {
      closeSync(opened);
    }
    return sum.digest("hex");
  });
}

/** Does something with a file; what goes wrong names it, where the system does not. */
export function naming<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    (error as NodeJS.ErrnoException).path ??= file;
    throw error;
  }
}
