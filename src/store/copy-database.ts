import { DuckDBInstance } from "@duckdb/node-api";
import { QueryError } from "./query-error.ts";
import { quoteIdentifier, quoteLiteral } from "./sql-file.ts";

/** A table of which a copy holds but some rows, or not all of a row. */
export interface PartialTable {
  readonly name: string;
  /** Query for what it holds; the database that is copied is called `whole` in it. */
  readonly query: string;
}

/** Columns of the tables of a database, by the table's name. */
export type Columns = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Writes a copy of a database file in which some tables hold but some of what is in them: the rest was never in it.
 * @param choose what is to be held of tables, by the columns there are; tables that are not there are left out
 * @returns whether there is one; none is made where all would be in it
 * @throws QueryError also where a query does not fit its table: then nothing is known of what may be shown
 */
export async function copyDatabase(
  source: string,
  target: string,
  choose: (columns: Columns) => readonly PartialTable[],
  options: { readonly memory: string },
): Promise<boolean> {
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: options.memory,
    threads: "1",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  const read = async (sql: string) => {
    try {
      return (await connection.runAndReadAll(sql)).getRows();
    } catch (error) {
      throw new QueryError(error, sql, source);
    }
  };
  try {
    await read(`ATTACH ${quoteLiteral(source)} AS whole (READ_ONLY)`);
    const columns = await readColumns(read);
    const queries = new Map<string, string>();
    let differs = false;
    for (const { name, query } of choose(columns)) {
      if (!columns.has(name)) continue;
      const left = `SELECT EXISTS (FROM whole.main.${quoteIdentifier(name)} EXCEPT ALL (${query}))`;
      differs = (await read(left))[0]?.[0] === true || differs;
      queries.set(name, query);
    }
    if (!differs) return false;
    await read(`ATTACH ${quoteLiteral(target)} AS made`);
    await read("COPY FROM DATABASE whole TO made (SCHEMA)");
    for (const name of columns.keys()) {
      const table = quoteIdentifier(name);
      const query = queries.get(name) ?? `FROM whole.main.${table}`;
      await read(`INSERT INTO made.main.${table} ${query}`);
    }
    await read("DETACH made");
    return true;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function readColumns(read: (sql: string) => Promise<unknown[][]>): Promise<Columns> {
  const columns = new Map<string, Set<string>>();
  const rows = await read(
    `SELECT table_name, column_name FROM duckdb_columns() c
     WHERE database_name = 'whole' AND table_name IN (SELECT table_name FROM duckdb_tables() WHERE database_name = 'whole')
     ORDER BY table_name, column_index`,
  );
  for (const [table, column] of rows.map((row) => row.map(String)) as [string, string][]) {
    const own = columns.get(table) ?? new Set();
    columns.set(table, own.add(column));
  }
  return columns;
}
