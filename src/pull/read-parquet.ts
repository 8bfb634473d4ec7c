import { constants, copyFileSync, statSync } from "node:fs";
import { isOutOfMemory } from "../store/query-error.ts";
import { quoteLiteral, sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";
import { nameColumns } from "./name-columns.ts";
import {
  type Reading,
  type ReadingTask,
  refuseBomb,
  refuseInflated,
  refuseTooManyPacked,
  refuseTooWide,
} from "./reading.ts";
import { refuse } from "./sentences.ts";

const sql = sqlFile(import.meta.dirname, "columnar.sql");

/** A column of a Parquet file with its DuckDB type. */
export interface ParquetColumn {
  readonly column_name: string;
  readonly column_type: string;
}

/**
 * Takes a Parquet file over as it is: a copy (shared blocks where the file system can), once every value of it has been looked
 * at. The view adds line numbers.
 * @throws RefusedFile when it is no Parquet file, damaged, encrypted or too large
 */
export async function readParquet(task: ReadingTask): Promise<Reading> {
  const { store, input, output } = task;
  copyFileSync(input, output, constants.COPYFILE_FICLONE);
  const [columns, rows] = await unlessDamaged(async () => [
    await describeParquet(store, output),
    (await store.row<{ rows: number }>(sql("count-rows"), { path: output }))?.rows ?? 0,
  ]);
  refuseTooWide(columns.length, task);
  refuseTooManyPacked(statSync(output).size, rows, columns.length, task);
  nameColumns(columns.map(({ column_name }) => column_name));
  const looked = await unlessDamaged(() =>
    store.row<{ rows: number; bytes: number }>(
      sql("look-at-all", {
        path: quoteLiteral(output),
        columns: placesOf(columns).join(", "),
        text: lengthOfTexts(columns),
      }),
    ),
  );
  if (looked?.rows !== rows) refuseDamaged();
  refuseBomb(statSync(output).size, looked.bytes);
  refuseInflated(looked.bytes, task);
  return { rows, unreadable: [] };
}

async function unlessDamaged<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isOutOfMemory(error) || /interrupt/i.test(String(error))) throw error;
    return refuseDamaged();
  }
}

function refuseDamaged(): never {
  return refuse(
    "文件不是完整的 Parquet 文件，无法读取。请重新导出后报送。",
    "The file is no complete Parquet file and cannot be read. Export it again and deliver it.",
  );
}

/**
 * What the columns of a Parquet file are called in a statement: by their places. Their own names, whatever a file holds, are not
 * always found again (letter case, a byte order mark).
 */
export function placesOf(columns: readonly ParquetColumn[]): string[] {
  return columns.map((_, place) => `c${place}`);
}

/** SQL of the bytes of all texts; NULL when there are none. */
function lengthOfTexts(columns: readonly ParquetColumn[]): string {
  const places = placesOf(columns);
  const sums = columns.flatMap(({ column_type }, at) => {
    if (column_type === "VARCHAR") return [sql("length-of-text", { column: places[at] as string })];
    if (column_type === "BLOB") return [sql("length-of-bytes", { column: places[at] as string })];
    return [];
  });
  return sums.length > 0 ? sums.join(" + ") : "NULL";
}

/** Columns of a Parquet file, in its order. */
export function describeParquet(store: Store, path: string): Promise<ParquetColumn[]> {
  return store.rows<ParquetColumn>(sql("describe", { path: quoteLiteral(path) }));
}
