import { quoteIdentifier, sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";

const sql = sqlFile(import.meta.dirname, "unnamed.sql");

/** Stands for a record that counted and is shown no more. */
export const UNNAMED = "–";

/** A published table that names records: by which column, in which rows, and what of a row is emptied. */
interface NamingTable {
  readonly key: string;
  readonly where?: string;
  /** None: the whole row is left out. */
  readonly emptied?: readonly string[];
  /** Its rows tell the file they came with themselves, not their record's. */
  readonly anySource?: true;
}

/** The published tables that name records. */
const NAMING: Readonly<Record<string, NamingTable>> = {
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
  record_event: { key: "record_key", anySource: true },
};

/** Its sentences may name records. */
export const REASONS = "rank";
const SENTENCES = ["reason_zh", "reason_en"];

/** The published tables that name records in one way or the other. */
export const NAMING_TABLES: readonly string[] = [...Object.keys(NAMING), REASONS];

/** Where the published tables are, as SQL writes it before their names, and the table of the records that are shown no more. */
export interface NamingPlace {
  readonly schema: string;
  readonly lapsed: string;
}

/** A published table and that of the files, as SQL names them, and the table of the records that are shown no more. */
export interface NamingSource {
  readonly table: string;
  readonly file: string;
  readonly lapsed: string;
}

/** The query for the records, of those that are shown no more, that one of NAMING_TABLES names. */
export function queryNamed(name: string, source: NamingSource): string {
  return queryNaming(name, source, sql("record"));
}

/** The one rule by which a row of a published table names a record. */
function queryNaming(name: string, source: NamingSource, what: string): string {
  const { table, file, lapsed } = source;
  if (name === REASONS) {
    const word = sql("word", { key: "l.record_key" });
    return sql("telling", { what, table, lapsed, column: SENTENCES[0] as string, word });
  }
  const { key, where = "true", anySource } = NAMING[name] as NamingTable;
  return anySource
    ? sql("naming-any-source", { what, table, lapsed, key, where })
    : sql("naming", { what, table, file, lapsed, key, where });
}

/** The query for a published table without the records that are shown no more; undefined where it names none of any. */
export async function queryUnnamed(
  store: Store,
  name: string,
  { schema, lapsed }: NamingPlace,
): Promise<string | undefined> {
  const table = `${schema}${name}`;
  if (name === REASONS) {
    const word = sql("word", { key: "key" });
    const columns = SENTENCES.map((column) => sql("reason", { column, word })).join(", ");
    return sql("reasons", { table, lapsed, columns });
  }
  const held = NAMING[name];
  if (!held) return undefined;
  const naming = queryNaming(name, { table, file: `${schema}file`, lapsed }, sql("place"));
  const { emptied } = held;
  if (!emptied) return sql("without", { table, naming });
  const rows = await store.rows<{ name: string }>(sql("columns", { table }));
  const columns = rows
    .map((one) => one.name)
    .filter((column) => emptied.includes(column))
    .map((column) => sql("emptied", { column: quoteIdentifier(column) }));
  return sql("nameless", { table, naming, columns: columns.join(", ") });
}

/** Takes out of tables that were just made, or of some, what they say of records that are shown no more. */
export async function leaveOutLapsed(
  store: Store,
  place: NamingPlace,
  tables: readonly string[] = NAMING_TABLES,
): Promise<void> {
  for (const table of tables) {
    const query = await queryUnnamed(store, table, place);
    if (query) await store.run(`CREATE OR REPLACE TABLE ${place.schema}${table} AS ${query}`);
  }
}
