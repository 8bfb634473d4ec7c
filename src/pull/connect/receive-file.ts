import { createHash } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";

const PARTIAL = ".part";
const BLOCK = 1 << 20;

/** The bytes of a file that stand in the receiving folder under their hash. */
export interface ReceivedBytes {
  readonly hash: string;
  readonly bytes: number;
}

/**
 * Writes what arrives to the receiving folder: under a temporary name, flushed to disk, then renamed to the sha-256 of
 * its bytes. When the chunks end in an error nothing is left.
 * @param folder absolute, see prepareFolder
 */
export async function receiveFile(
  folder: string,
  chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
): Promise<ReceivedBytes> {
  const partial = join(folder, `arriving${PARTIAL}`);
  const hash = createHash("sha256");
  let bytes = 0;
  const file = await open(partial, "w", 0o600);
  try {
    for await (const block of joinChunks(chunks)) {
      hash.update(block);
      bytes += block.length;
      await file.writeFile(block);
    }
    await file.sync();
  } catch (error) {
    await file.close();
    rmSync(partial, { force: true });
    throw error;
  }
  await file.close();
  const digest = hash.digest("hex");
  renameSync(partial, join(folder, digest));
  flushFolder(folder);
  return { hash: digest, bytes };
}

/** Small chunks, as single rows, joined to blocks: writing each by itself would take many times as long. */
async function* joinChunks(
  chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    const data = Buffer.from(chunk as Uint8Array);
    waiting.push(data);
    size += data.length;
    if (size < BLOCK) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(waiting);
}

/**
 * Makes the receiving folder, and removes half a file that a killed fetch left there. A whole file that nobody wrote
 * down stays: it may be all that is left of a delivery when the database is lost.
 */
export function prepareFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder)) {
    if (name.endsWith(PARTIAL)) rmSync(join(folder, name), { force: true });
  }
}

/** A rename is safe only once the folder itself is on disk. */
function flushFolder(folder: string): void {
  const handle = openSync(folder, "r");
  fsyncSync(handle);
  closeSync(handle);
}
