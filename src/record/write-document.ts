import { mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeWhole } from "../write-whole.ts";

/**
 * Writes a document as a folder with its page and its data, which appears whole by one rename. The same document written again
 * takes the place of the one before.
 * @returns the folder
 */
export function writeDocument(folder: string, name: string, html: string, data: object): string {
  const partial = `${folder}.unfinished`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  writeWhole(join(partial, `${name}.html`), html, { flush: true });
  writeWhole(join(partial, `${name}.json`), `${JSON.stringify(data, null, 2)}\n`, {
    flush: true,
  });
  mkdirSync(dirname(folder), { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  renameSync(partial, folder);
  return folder;
}
