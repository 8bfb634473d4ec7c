import { sqlFile } from "./store/sql-file.ts";
import type { Store } from "./store/store.ts";

const sql = sqlFile(import.meta.dirname, "quarantine.sql");

/** A file as it was received. */
export interface ReceivedFile {
  readonly file_id: number;
  /** What it is called where names are not told. */
  readonly label: string;
  readonly file_name: string;
  /** Civil time. */
  readonly received_at: string;
  readonly row_count: number;
  /** Lines of it that are in the quarantine. */
  readonly lines: number;
  readonly refused_zh: string | null;
  readonly refused_en: string | null;
}

/** A value that was set aside. */
export interface SetAsideRow {
  readonly label: string;
  readonly line: number;
  readonly column_name: string | null;
  readonly value: string | null;
  readonly reason: string;
  readonly message_zh: string;
  readonly message_en: string;
}

/** What only those may see who may look into the data folder: the files of a source by name, and what was set aside of them. */
export interface Quarantine {
  readonly source: string;
  readonly files: readonly ReceivedFile[];
  readonly rows: readonly SetAsideRow[];
  /** Of them, in all. */
  readonly total: number;
}

/** @param limit of the rows */
export async function readQuarantine(
  store: Store,
  source: string,
  limit: number,
): Promise<Quarantine> {
  const rows = await store.rows<SetAsideRow & { readonly total: number }>(sql("rows"), {
    source,
    rows: limit,
  });
  return {
    source,
    files: await store.rows<ReceivedFile>(sql("files"), { source }),
    rows: rows.map(({ total: _, ...row }) => row),
    total: rows[0]?.total ?? 0,
  };
}
