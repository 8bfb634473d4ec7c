import { constants, copyFileSync } from "node:fs";
import { quoteLiteral, sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";
import { nameColumns } from "./name-columns.ts";
import type { Reading, ReadingTask } from "./reading.ts";
import { refuse } from "./sentences.ts";

const sql = sqlFile(import.meta.dirname, "columnar.sql");

/** A column of a Parquet file with its DuckDB type. */
export interface ParquetColumn {
  readonly column_name: string;
  readonly column_type: string;
}

/**
 * Takes a Parquet file over as it is: a copy (shared blocks where the file system can), not a row of it read.
 * The view adds line numbers.
 * @throws RefusedFile when it is no Parquet file, incomplete or encrypted
 */
export async function readParquet({ store, input, output }: ReadingTask): Promise<Reading> {
  copyFileSync(input, output, constants.COPYFILE_FICLONE);
  let columns: readonly ParquetColumn[];
  let rows: number;
  try {
    columns = await describeParquet(store, output);
    rows = (await store.row<{ rows: number }>(sql("count-rows"), { path: output }))?.rows ?? 0;
  } catch (error) {
    if (/out of memory|interrupt/i.test(String(error))) throw error;
    return refuse(
      "文件不是完整的 Parquet 文件，无法读取。请重新导出后报送。",
      "The file is no complete Parquet file and cannot be read. Export it again and deliver it.",
    );
  }
  nameColumns(columns.map(({ column_name }) => column_name));
  return { rows, unreadable: [] };
}

/** Columns of a Parquet file, in its order. */
export function describeParquet(store: Store, path: string): Promise<ParquetColumn[]> {
  return store.rows<ParquetColumn>(sql("describe", { path: quoteLiteral(path) }));
}
