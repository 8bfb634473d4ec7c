import { quoteIdentifier, sqlFile } from "../store/sql-file.ts";
import { type Parameters, Store, type StoreOptions } from "../store/store.ts";
import { addPublished, type LeftOut } from "./open-published.ts";
import type { TableName } from "./tables.ts";

const sql = sqlFile(import.meta.dirname, "shelf.sql");

/** The tables of a published folder, for reading. */
export interface PublishedTables {
  /** Rows of a statement of shelf.sql. */
  rows<T>(statement: string, parameters?: Parameters): Promise<T[]>;
  /** Whether the folder has a table; older ones lack those that came later. */
  has(table: TableName | (string & {})): boolean;
  /** Takes it off the shelf; nobody may be reading it any more. */
  drop(): Promise<void>;
}

/** Published folders side by side in one DuckDB without a file of its own, opened with the first of them. */
export interface Shelf {
  /** @throws Error in a sentence when the folder is not a published one */
  add(folder: string, left?: LeftOut): Promise<PublishedTables>;
}

/** An empty shelf; the working database is not touched. */
export function openShelf(options: StoreOptions): Shelf {
  let store: Promise<Store> | undefined;
  let count = 0;
  return {
    async add(folder, left) {
      store ??= Store.scratch(options);
      const opened = await store;
      const schema = `month_${count++}`;
      const held = await addPublished(opened, folder, schema, left);
      const month = quoteIdentifier(schema);
      return {
        rows: (statement, parameters) => opened.rows(sql(statement, { month }), parameters),
        has: (table) => held.has(table),
        async drop() {
          await opened.run(`DROP SCHEMA ${month} CASCADE`);
        },
      };
    },
  };
}
