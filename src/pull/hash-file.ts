import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

/** Sha-256 of a file's bytes as received, lower-case hex. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest("hex");
}
