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

/** Outputs that are left out of the tables, but for one body (see Reading). */
export type LeftOut = Partial<Pick<Reading, "withheld" | "body">>;

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
  const store = await Store.open(":memory:", options);
  try {
    await addPublished(store, folder, schema, left);
  } catch (error) {
    store.close();
    throw error;
  }
  return store;
}

/**
 * Hangs a published folder into an open store, as views in a schema of its own. A month of an older layout is brought up to
 * today's: tables it lacks are there without rows, columns it lacks are there and empty.
 * @returns the tables that the month itself has
 */
export async function addPublished(
  store: Store,
  folder: string,
  schema: string,
  { withheld = [], body = null }: LeftOut = {},
): Promise<ReadonlySet<string>> {
  const data = join(folder, "data");
  if (!existsSync(join(folder, MANIFEST)) && !existsSync(data)) {
    throw new Error(
      `${folder} is not a published period: it has no ${MANIFEST}. Run the pipeline first, or name another period.`,
    );
  }
  await store.run(`CREATE SCHEMA ${quoteIdentifier(schema)}`);
  const held = await readHeld(store, data);
  for (const { name } of TABLES) {
    const named = (view: string) => `${quoteIdentifier(schema)}.${quoteIdentifier(view)}`;
    const reduced = reduceTable(name, named(`whole ${name}`), withheld, body);
    const view = named(reduced === undefined ? name : `whole ${name}`);
    const empty = named(`empty ${name}`);
    await store.run(layout(name, { table: empty }));
    const file = quoteLiteral(join(data, `${name}.parquet`));
    const columns = held.get(name);
    await store.run(sql(chooseView(name, columns), { view, file, empty }));
    if (reduced !== undefined) await store.run(`CREATE VIEW ${named(name)} AS ${reduced}`);
  }
  return new Set(held.keys());
}

/**
 * Whether a published folder has a table.
 * @throws nothing: a folder that is none has none
 */
export function holdsTable(folder: string, table: TableName): boolean {
  return existsSync(join(folder, "data", `${table}.parquet`));
}

/** The columns of each table that a month has. */
async function readHeld(store: Store, data: string): Promise<Map<string, ReadonlySet<string>>> {
  if (!readdirSync(data).some((file) => file.endsWith(".parquet"))) return new Map();
  const files = quoteLiteral(join(data, "*.parquet"));
  const rows = await store.rows<{ name: string; columns: string[] }>(sql("columns", { files }));
  return new Map(rows.map(({ name, columns }) => [name, new Set(columns)]));
}

/** How a table is read: as it is, brought up to today's columns, or empty. */
function chooseView(name: TableName, columns: ReadonlySet<string> | undefined): string {
  if (columns === undefined) return "view-empty";
  if (CITED.has(name) && columns.has("source")) return "view-cited";
  if (name === "value" && !columns.has("undelivered")) return "view-value";
  return "view-brought-up";
}
