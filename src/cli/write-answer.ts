import { once } from "node:events";
import { createWriteStream, existsSync, renameSync, rmSync, statSync } from "node:fs";
import type { Writable } from "node:stream";
import { naming } from "../whole-file.ts";

/** Writes the pieces of an answer to a stream, as fast as it takes them, and says whether the answer was cut off. */
export async function writePieces(
  pieces: AsyncGenerator<Uint8Array, boolean>,
  to: Writable,
): Promise<boolean> {
  let step = await pieces.next();
  for (; !step.done; step = await pieces.next()) {
    if (!to.write(step.value)) await once(to, "drain");
  }
  return step.value;
}

/**
 * Writes an answer to a file, which is there when all of it is: one that breaks off leaves neither a piece nor the loss of
 * what was there before.
 */
export async function writeAnswerFile(
  pieces: AsyncGenerator<Uint8Array, boolean>,
  file: string,
): Promise<boolean> {
  // A pipe or device is written to as it is.
  const special = existsSync(file) && !statSync(file).isFile();
  const unfinished = special ? file : `${file}.unfinished`;
  const to = createWriteStream(unfinished);
  try {
    await once(to, "open");
    const cutOff = await writePieces(pieces, to);
    to.end();
    await once(to, "finish");
    if (!special) renameSync(unfinished, file);
    return cutOff;
  } catch (error) {
    to.destroy();
    if (!special) rmSync(unfinished, { force: true });
    return naming(file, () => {
      throw error;
    });
  }
}
