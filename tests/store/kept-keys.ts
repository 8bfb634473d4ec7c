import { quoteIdentifier } from "../../src/store/sql-file.ts";
import { Store } from "../../src/store/store.ts";

/** A table's keys by one of its constraints, and the query that gives each with the place of its row. */
interface Keyed {
  readonly name: string;
  readonly query: string;
}

/**
 * From now on every transaction of this process on a database file fails that deletes a row and inserts another under the
 * same key, or changes a row so: DuckDB (1.5) ends the process if such a transaction meets a full disk at its commit. A row
 * that is changed in its place keeps its row id, one that was deleted and inserted again does not.
 */
export function refuseKeysWrittenAnew(): void {
  const { open } = Store;
  const { transaction } = Store.prototype;
  const keyed = new Map<string, readonly Keyed[]>();
  Store.open = async (path, options) => {
    const store = await open.call(Store, path, options);
    if (path !== ":memory:") keyed.set(path, await listKeyed(store));
    return store;
  };
  Store.prototype.transaction = function watched<T>(this: Store, work: () => Promise<T>) {
    const own = keyed.get(this.path) ?? [];
    return transaction.call(this, async () => {
      const before = await readPlaces(this, own);
      const result = await work();
      for (const [key, place] of await readPlaces(this, own)) {
        const was = before.get(key);
        if (was === undefined || was === place) continue;
        throw new Error(`A row was deleted and inserted again under its key: ${key}`);
      }
      return result;
    }) as Promise<T>;
  };
}

async function listKeyed(store: Store): Promise<Keyed[]> {
  const constraints = await store.rows<{ schema: string; name: string; columns: string[] }>(
    `SELECT schema_name AS schema, table_name AS name, constraint_column_names AS columns
     FROM duckdb_constraints() WHERE constraint_type IN ('PRIMARY KEY', 'UNIQUE')`,
  );
  return constraints.map(({ schema, name, columns }) => {
    const key = `CAST(row(${columns.map(quoteIdentifier).join(", ")}) AS VARCHAR)`;
    const table = `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
    return {
      name: `${schema}.${name} (${columns.join(", ")})`,
      query: `SELECT ${key} AS key, CAST(rowid AS VARCHAR) AS place FROM ${table}`,
    };
  });
}

async function readPlaces(store: Store, keyed: readonly Keyed[]): Promise<Map<string, string>> {
  const places = new Map<string, string>();
  for (const { name, query } of keyed) {
    for (const { key, place } of await store.rows<{ key: string; place: string }>(query)) {
      places.set(`${name} ${key}`, place);
    }
  }
  return places;
}
