import { quoteIdentifier, sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";

const sql = sqlFile(import.meta.dirname, "unnamed.sql");

/** Stands for a record that counted and is shown no more. */
export const UNNAMED = "–";

/** A published table that names records: by which column, in which rows, and what of a row is emptied. */
export interface NamingTable {
  readonly key: string;
  readonly where?: string;
  /** None: the whole row is left out. */
  readonly emptied?: readonly string[];
}

/** The published tables that name records. */
export const NAMING: Readonly<Record<string, NamingTable>> = {
  dishonesty_record: { key: "record_key" },
  item: { key: "record_key", emptied: ["record_key", "file_id", "line"] },
  contribution_detail: {
    key: "detail",
    where: "t.detail_kind = 'record'",
    emptied: ["detail", "file_id", "line"],
  },
  // Who was listed for a record is taken off the list with it.
  list_entry: { key: "record_key" },
  restriction: { key: "record_key" },
};

/** The events of records, which go with them. */
export const EVENTS = "record_event";

/** Its sentences may name records. */
export const REASONS = "rank";
const SENTENCES = ["reason_zh", "reason_en"];

/** Where the published tables are, as SQL writes it before their names, and the table of the records that are shown no more. */
export interface NamingPlace {
  readonly schema: string;
  readonly lapsed: string;
}

/** The query for a published table without the records that are shown no more; undefined where it names none of any. */
export async function queryUnnamed(
  store: Store,
  table: string,
  { schema, lapsed }: NamingPlace,
): Promise<string | undefined> {
  if (table === EVENTS) return sql("without-events", { schema, lapsed, table });
  if (table === REASONS) {
    const columns = SENTENCES.map((column) => sql("reason", { column })).join(", ");
    return sql("reasons", { schema, lapsed, table, columns });
  }
  const naming = NAMING[table];
  if (!naming) return undefined;
  const { key, where = "true", emptied } = naming;
  const place = sql("place", { schema, lapsed, table, key, where });
  if (!emptied) return sql("without", { schema, table, place });
  const rows = await store.rows<{ name: string }>(sql("columns", { schema, table }));
  const columns = rows
    .map(({ name }) => name)
    .filter((name) => emptied.includes(name))
    .map((name) => sql("emptied", { column: quoteIdentifier(name) }));
  return sql("nameless", { schema, table, place, columns: columns.join(", ") });
}

/** Takes out of tables that were just made, or of some, what they say of records that are shown no more. */
export async function leaveOutLapsed(
  store: Store,
  place: NamingPlace,
  tables: readonly string[] = [...Object.keys(NAMING), EVENTS, REASONS],
): Promise<void> {
  for (const table of tables) {
    const query = await queryUnnamed(store, table, place);
    if (query) await store.run(`CREATE OR REPLACE TABLE ${place.schema}${table} AS ${query}`);
  }
}
