import { join } from "node:path";
import { quoteLiteral, sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";

const sql = sqlFile(import.meta.dirname, "record-tables.sql");

/**
 * Which records are shown no more as known at the as-of time: revoked, repaired, or over. For the office alone: whoever shows
 * an earlier month leaves them out of it (src/redact/).
 */
export const LAPSED = "lapsed.parquet";

/** Writes lapsed.parquet from what is known. */
export async function writeLapsed(store: Store, folder: string): Promise<void> {
  await store.run(
    `COPY (${sql("lapsed")}) TO ${quoteLiteral(join(folder, LAPSED))} (FORMAT parquet, COMPRESSION zstd)`,
  );
}
