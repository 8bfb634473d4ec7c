import { basename } from "node:path";
import { quoteIdentifier, quoteLiteral, sqlFile } from "../store/sql-file.ts";

const sql = sqlFile(import.meta.dirname, "hide-over.sql");

/** Tables with rows that are shown for a time only. */
const TABLES = ["dishonesty_record", "record_event"];
const PUBLISHED = "published.duckdb";

/**
 * Views that leave out the records whose publication is over by a day, for the database of the published tables: its bytes are as
 * they were published, what is shown of them goes by the day.
 */
export function hideOver(files: readonly string[], today: string | undefined) {
  const file = files.find((one) => basename(one) === PUBLISHED);
  if (file === undefined || today === undefined) return [];
  const values = {
    file: quoteIdentifier(basename(file, ".duckdb")),
    today: quoteLiteral(today),
  };
  return TABLES.map((name) => ({ name, query: sql(name, values) }));
}
