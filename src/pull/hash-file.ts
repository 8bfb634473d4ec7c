import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open } from "node:fs/promises";

/**
 * Sha-256 of a file's bytes as received, lower-case hex.
 * @throws Error with a code and the syscall "open" when it cannot be opened, or is no file: should a pipe have taken its place since
 * it was listed, nobody waits for somebody to write into that
 */
export async function hashFile(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) {
      throw Object.assign(new Error("No file."), { code: "ENOTSUP", syscall: "open" });
    }
    const hash = createHash("sha256");
    const chunks = file.createReadStream({ highWaterMark: 1 << 20, autoClose: false });
    for await (const chunk of chunks) hash.update(chunk);
    return hash.digest("hex");
  } finally {
    await file.close();
  }
}
