import { DuckDBInstance } from "@duckdb/node-api";
import { quoteIdentifier, quoteLiteral } from "./sql-file.ts";

/** A table of which a copy holds but some rows. */
export interface PartialTable {
  readonly name: string;
  /** Query for its rows; the database that is copied is called `whole` in it. */
  readonly query: string;
}

/**
 * Writes a copy of a database file in which some tables hold but some of their rows: the others were never in it.
 * @returns whether there is one; none is made where every row would be in it
 * @throws Error with what DuckDB says
 */
export async function copyDatabase(
  source: string,
  target: string,
  partial: readonly PartialTable[],
  options: { readonly memory: string },
): Promise<boolean> {
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: options.memory,
    threads: "1",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  const read = async (sql: string) => (await connection.runAndReadAll(sql)).getRows();
  try {
    await connection.run(`ATTACH ${quoteLiteral(source)} AS whole (READ_ONLY)`);
    const tables = await read(
      "SELECT table_name FROM duckdb_tables() WHERE database_name = 'whole' ORDER BY ALL",
    );
    const names = tables.map(([name]) => String(name));
    const queries = new Map<string, string>();
    let left = 0n;
    for (const { name, query } of partial) {
      if (!names.includes(name)) continue;
      const count = `SELECT (SELECT count(*) FROM whole.main.${quoteIdentifier(name)}) - (SELECT count(*) FROM (${query}))`;
      try {
        left += (await read(count))[0]?.[0] as bigint;
        queries.set(name, query);
      } catch (error) {
        // Published before there was such a table or column: nothing in it is for a time only.
        if (!/(?:Catalog|Binder) Error/.test(String(error))) throw error;
      }
    }
    if (left === 0n) return false;
    await connection.run(`ATTACH ${quoteLiteral(target)} AS made`);
    await connection.run("COPY FROM DATABASE whole TO made (SCHEMA)");
    for (const name of names) {
      const table = quoteIdentifier(name);
      const query = queries.get(name) ?? `FROM whole.main.${table}`;
      await connection.run(`INSERT INTO made.main.${table} ${query}`);
    }
    await connection.run("DETACH made");
    return true;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
