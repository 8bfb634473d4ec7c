import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { quoteIdentifier, quoteLiteral, sqlFile } from "../store/sql-file.ts";
import { Store, type StoreOptions } from "../store/store.ts";
import { MANIFEST } from "./manifest.ts";
import type { Reading } from "./reading.ts";
import { reduceTable } from "./reduce-tables.ts";
import { TABLES, type TableName } from "./tables.ts";

const sql = sqlFile(import.meta.dirname, "open-published.sql");
const layout = sqlFile(import.meta.dirname, "table-layout.sql");

/** Tables that say where numbers come from. */
const CITED: ReadonlySet<string> = new Set([
  "indicator",
  "standard_node",
  "rule",
  "grade",
  "warning_rule",
  "list_rule",
]);

/** Columns of tables, by the table's name. */
export type Columns = ReadonlyMap<string, ReadonlySet<string>>;

/** Outputs that are left out of the tables, but for one body (see Reading). */
export type LeftOut = Partial<Pick<Reading, "withheld" | "body">>;

interface NamedColumns {
  readonly name: string;
  readonly columns: string[];
}

/**
 * Opens a published folder for questions: a store in memory with a view <schema>.<table> of each published table
 * (addPublished). The caller closes it.
 * @throws Error in a sentence when the folder is not a published one
 */
export async function openPublished(
  options: StoreOptions,
  folder: string,
  left: LeftOut = {},
  schema = "published",
): Promise<Store> {
  const store = await Store.scratch(options);
  try {
    await addPublished(store, folder, schema, left);
  } catch (error) {
    store.close();
    throw error;
  }
  return store;
}

/**
 * Hangs a published folder into an open store, as views in a schema of its own (see addTables).
 * @returns the tables that the month itself has
 */
export async function addPublished(
  store: Store,
  folder: string,
  schema: string,
  left: LeftOut = {},
): Promise<ReadonlySet<string>> {
  const data = join(folder, "data");
  if (!existsSync(join(folder, MANIFEST)) && !existsSync(data)) {
    throw new Error(
      `${folder} is not a published period: it has no ${MANIFEST}. Run the pipeline first, or name another period.`,
    );
  }
  const held = await readHeld(store, data);
  const fileOf = (name: string) => `read_parquet(${quoteLiteral(join(data, `${name}.parquet`))})`;
  await addTables(store, schema, { held, tableOf: fileOf }, left);
  return new Set(held.keys());
}

/** Columns of the published tables there are, and where each table is, as SQL names it. */
export interface HeldTables {
  readonly held: Columns;
  readonly tableOf: (name: string) => string;
}

/**
 * Views of published tables in a schema of its own, without the outputs that are left out. A month of an older layout is brought
 * up to today's: tables it lacks are there without rows, columns it lacks are there and empty.
 */
export async function addTables(
  store: Store,
  schema: string,
  { held, tableOf }: HeldTables,
  { withheld = [], body = null }: LeftOut,
): Promise<void> {
  const today = await columnsOfToday();
  await store.run(`CREATE SCHEMA ${quoteIdentifier(schema)}`);
  for (const { name } of TABLES) {
    const named = (view: string) => `${quoteIdentifier(schema)}.${quoteIdentifier(view)}`;
    const reduced = reduceTable(name, named(`whole ${name}`), withheld, body);
    const view = named(reduced === undefined ? name : `whole ${name}`);
    const empty = named(`empty ${name}`);
    const statement = chooseView(name, held.get(name), today.get(name));
    if (statement !== "view") await store.run(layout(name, { table: empty }));
    await store.run(sql(statement, { view, table: tableOf(name), empty }));
    if (reduced !== undefined) await store.run(`CREATE VIEW ${named(name)} AS ${reduced}`);
  }
}

/** Whether published tables are as this program writes them: none of an older layout is missing anything. */
export async function areOfToday(held: Columns): Promise<boolean> {
  const today = await columnsOfToday();
  return TABLES.every(({ name }) => chooseView(name, held.get(name), today.get(name)) === "view");
}

/**
 * Whether a published folder has a table.
 * @throws nothing: a folder that is none has none
 */
export function holdsTable(folder: string, table: TableName): boolean {
  return existsSync(join(folder, "data", `${table}.parquet`));
}

/** The columns of each table that a month has. */
async function readHeld(store: Store, data: string): Promise<Columns> {
  if (!readdirSync(data).some((file) => file.endsWith(".parquet"))) return new Map();
  const files = quoteLiteral(join(data, "*.parquet"));
  const rows = await store.rows<NamedColumns>(sql("columns", { files }));
  return new Map(rows.map(({ name, columns }) => [name, new Set(columns)]));
}

/** The columns of the tables of a database that is attached. */
export async function readColumns(store: Store, database: string): Promise<Columns> {
  const rows = await store.rows<NamedColumns>(sql("columns-of-database"), { database });
  return new Map(rows.map(({ name, columns }) => [name, new Set(columns)]));
}

/** How a table is read: as it is, brought up to today's columns, or empty. */
function chooseView(
  name: TableName,
  columns: ReadonlySet<string> | undefined,
  today: ReadonlySet<string> = new Set(),
): string {
  if (columns === undefined) return "view-empty";
  if (CITED.has(name) && columns.has("source")) return "view-cited";
  if (name === "value" && !columns.has("undelivered")) return "view-value";
  return [...today].every((column) => columns.has(column)) ? "view" : "view-brought-up";
}

let known: Promise<Columns> | undefined;

/** The columns of the published tables as this program writes them; read once. */
export function columnsOfToday(): Promise<Columns> {
  known ??= readLayout();
  return known;
}

async function readLayout(): Promise<Columns> {
  const store = await Store.scratch({ memory: "100MB", threads: 1 });
  try {
    for (const { name } of TABLES) await store.run(layout(name, { table: quoteIdentifier(name) }));
    return await readColumns(store, "memory");
  } finally {
    store.close();
  }
}
