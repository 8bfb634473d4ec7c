import { DuckDBInstance } from "@duckdb/node-api";
import { quoteIdentifier, quoteLiteral } from "./sql-file.ts";

/** A table of which a copy holds but some rows, or not all of a row. */
export interface PartialTable {
  readonly name: string;
  /** Query for what it holds; the database that is copied is called `whole` in it. */
  readonly query: string;
}

/**
 * Writes a copy of a database file in which some tables hold but some of what is in them: the rest was never in it.
 * @returns whether there is one; none is made where all would be in it
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
    let differs = false;
    for (const { name, query } of partial) {
      if (!names.includes(name)) continue;
      const left = `SELECT EXISTS (FROM whole.main.${quoteIdentifier(name)} EXCEPT ALL (${query}))`;
      try {
        differs = (await read(left))[0]?.[0] === true || differs;
        queries.set(name, query);
      } catch (error) {
        // Published before there was such a table or column: nothing in it is for a time only.
        if (!/(?:Catalog|Binder) Error/.test(String(error))) throw error;
      }
    }
    if (!differs) return false;
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
