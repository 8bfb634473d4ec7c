import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

const CHUNK = 1 << 20;
const buffer = Buffer.allocUnsafe(CHUNK);

/**
 * Sha-256 of a file's bytes as received, lower-case hex.
 * @throws Error with a code and the syscall "open" when it cannot be opened, or is no file: should a pipe have taken its place since
 * it was listed, nobody waits for somebody to write into that
 */
export async function hashFile(path: string): Promise<string> {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync(file).isFile()) {
      throw Object.assign(new Error("No file."), { code: "ENOTSUP", syscall: "open" });
    }
    const hash = createHash("sha256");
    for (;;) {
      const length = readSync(file, buffer, 0, CHUNK, null);
      if (length === 0) return hash.digest("hex");
      hash.update(buffer.subarray(0, length));
      // Others have their turn meanwhile.
      await new Promise(setImmediate);
    }
  } finally {
    closeSync(file);
  }
}
