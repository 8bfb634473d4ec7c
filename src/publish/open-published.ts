import { existsSync } from "node:fs";
import { join } from "node:path";
import { quoteIdentifier, quoteLiteral, sqlFile } from "../store/sql-file.ts";
import { Store, type StoreOptions } from "../store/store.ts";
import { MANIFEST } from "./manifest.ts";
import type { Reading } from "./reading.ts";
import { reduceTable } from "./reduce-tables.ts";
import { TABLES } from "./tables.ts";

const sql = sqlFile(import.meta.dirname, "open-published.sql");

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
 * Opens a published folder for questions: a store in memory with a view <schema>.<table> over each of its Parquet
 * files. The caller closes it.
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

/** Hangs a published folder into an open store, as views in a schema of its own. */
export async function addPublished(
  store: Store,
  folder: string,
  schema: string,
  { withheld = [], body = null }: LeftOut = {},
): Promise<void> {
  if (!existsSync(join(folder, MANIFEST)) && !existsSync(join(folder, "data"))) {
    throw new Error(
      `${folder} is not a published period: it has no ${MANIFEST}. Run the pipeline first, or name another period.`,
    );
  }
  await store.run(`CREATE SCHEMA ${quoteIdentifier(schema)}`);
  for (const { name } of TABLES) {
    const path = join(folder, "data", `${name}.parquet`);
    // A month published before there was such a table does not have it.
    if (!existsSync(path)) continue;
    const named = (view: string) => `${quoteIdentifier(schema)}.${quoteIdentifier(view)}`;
    const reduced = reduceTable(name, named(`whole ${name}`), withheld, body);
    const view = named(reduced === undefined ? name : `whole ${name}`);
    const file = quoteLiteral(path);
    const layout = CITED.has(name) ? "view-cited" : name === "value" ? "view-value" : "view";
    await store.run(sql(layout, { view, file }));
    if (reduced !== undefined) await store.run(`CREATE VIEW ${named(name)} AS ${reduced}`);
  }
}
