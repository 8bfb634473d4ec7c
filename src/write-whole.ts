import { type WriteFileOptions, writeFileSync, writeSync } from "node:fs";
import { naming } from "./whole-file.ts";

/**
 * Writes a file, all of it.
 * @throws what writeFileSync throws, always with the file's path: of a full disk Node names none
 */
export function writeWhole(
  file: string,
  content: string | NodeJS.ArrayBufferView,
  options?: WriteFileOptions,
): void {
  naming(file, () => writeFileSync(file, content, options));
}

/**
 * Writes bytes to an open file to the last of them: on a disk that is nearly full the system takes a part and says nothing.
 * @param path of the file, for whoever is told of a fault
 * @param position in the file; where the last writing ended, if not given
 * @throws Error of the system, with the path
 */
export function writeFully(
  { opened, path }: { readonly opened: number; readonly path: string },
  bytes: Uint8Array,
  position?: number,
): void {
  naming(path, () => {
    for (let at = 0; at < bytes.length; ) {
      const place = position === undefined ? null : position + at;
      at += writeSync(opened, bytes, at, bytes.length - at, place);
    }
  });
}
