import { statSync } from "node:fs";
import { readReleaseRows } from "./read-ocds.ts";
import { type Reading, type ReadingTask, refuseFlood } from "./reading.ts";
import { RefusedFile, type Sentence } from "./sentences.ts";
import { JSON_QUOTE, openTextTable } from "./write-text.ts";

/** Small files of releases to be turned into one Parquet file. */
export interface BatchTask extends Omit<ReadingTask, "input"> {
  readonly files: readonly {
    /** Absolute. */
    readonly path: string;
    /** Sha-256 of its bytes, which tells its rows from the others'. */
    readonly hash: string;
  }[];
}

/** What came of one of them. */
export type BatchAnswer =
  | { readonly reading: Reading }
  | { readonly refused: Sentence; readonly again: boolean };

/**
 * Reads small files of releases into one Parquet file: as readOcds, with the file's hash in the column `file_hash` of each row. A file
 * that is refused has no rows there, and is nothing to the others.
 */
export async function readBatch({ files, ...task }: BatchTask): Promise<BatchAnswer[]> {
  const table = openTextTable({ ...task, input: files[0]?.path ?? "" }, JSON_QUOTE);
  const answers: BatchAnswer[] = [];
  try {
    for (const { path, hash } of files) {
      try {
        const rows: { line: number; json: string }[] = [];
        const add = (line: number, json: string) => rows.push({ line, json });
        const unreadable = await readReleaseRows({ ...task, input: path }, add);
        refuseFlood(statSync(path).size, rows.length + unreadable.length);
        for (const { line, json } of rows) table.add(line, [hash, json]);
        answers.push({ reading: { rows: rows.length, unreadable } });
      } catch (error) {
        if (!(error instanceof RefusedFile)) throw error;
        answers.push({ refused: error.sentence, again: error.again });
      }
    }
    await table.finish(task.store, task.output, ["file_hash", "json"]);
  } finally {
    table.close();
  }
  return answers;
}
