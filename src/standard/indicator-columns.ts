import { quoteIdentifier, sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";
import {
  type IndicatorFile,
  readFromSchema,
  tablesOf,
  wantedColumns,
  withoutComments,
} from "./indicator-file.ts";

const sql = sqlFile(import.meta.dirname, "indicator-columns.sql");

/** The columns of the known tables that a file may lack, with their types, by table. */
export type LackingColumns = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Reads which columns of the known tables a file may lack: those that core neither requires nor has a default for. */
export async function readLackingColumns(store: Store): Promise<LackingColumns> {
  const tables = new Map<string, Map<string, string>>();
  for (const row of await store.rows<{
    table_name: string;
    column_name: string;
    data_type: string;
  }>(sql("lacking-columns"))) {
    const columns = tables.get(row.table_name) ?? new Map<string, string>();
    columns.set(row.column_name, row.data_type);
    tables.set(row.table_name, columns);
  }
  return tables;
}

/**
 * What is wrong with the columns an indicator's header says it reads: one the table does not have, or that no file can lack,
 * or that the SQL does not use, or one it uses and does not declare. Whether the SQL uses a column is asked of DuckDB, which is
 * given the table without it, so a star in a subquery counts for nothing but what is taken from it.
 * The temp table `period` must be there.
 * @returns sentences; none when it fits
 */
export async function findColumnFaults(
  store: Store,
  indicator: IndicatorFile,
  lacking: LackingColumns,
): Promise<string[]> {
  const faults: string[] = [];
  for (const table of tablesOf(indicator)) {
    const columns = lacking.get(table) ?? new Map<string, string>();
    const declared = wantedColumns(indicator, table).map(({ name }) => name);
    for (const name of declared) {
      if (!columns.has(name)) {
        faults.push(
          `reads declares ${table}.${name}, which known.${table} does not have or every record has; columns to be declared are: ${[...columns.keys()].join(", ")}`,
        );
      } else if (await worksWithout(store, indicator, table, [name])) {
        faults.push(`reads declares ${table}.${name}, but the SQL works without it; remove it`);
      }
    }
    for (const name of await findUndeclared(store, indicator, table, lacking)) {
      faults.push(
        `the SQL uses ${table}.${name}, which reads does not declare; add ${name} where every record needs it, ${name}? where the value stands without it, or ${name}+ where one record must give it`,
      );
    }
  }
  return faults;
}

/**
 * The columns of a table that the SQL uses and its header does not declare, of those that a file may lack. Costs nothing where
 * no such column's name stands in the SQL.
 */
export async function findUndeclared(
  store: Store,
  indicator: IndicatorFile,
  table: string,
  lacking: LackingColumns,
): Promise<string[]> {
  const declared = new Set(wantedColumns(indicator, table).map(({ name }) => name));
  const words = new Set(withoutComments(indicator.sql).toLowerCase().match(/\w+/g) ?? []);
  const named = [...(lacking.get(table)?.keys() ?? [])].filter(
    (name) => words.has(name) && !declared.has(name),
  );
  const used: string[] = [];
  for (const name of named) {
    if (!(await worksWithout(store, indicator, table, [name]))) used.push(name);
  }
  return used;
}

/** Whether DuckDB takes the SQL when the table lacks the columns. */
async function worksWithout(
  store: Store,
  indicator: IndicatorFile,
  table: string,
  columns: readonly string[],
): Promise<boolean> {
  const name = quoteIdentifier(table);
  const evidence = readFromSchema(indicator.sql, new Set([table]), "temp");
  await store.run(
    sql("hide-columns", { table: name, columns: columns.map(quoteIdentifier).join(", ") }),
  );
  try {
    await store.rows(sql("describe", { evidence }));
    return true;
  } catch {
    return false;
  } finally {
    await store.run(sql("show-table", { table: name }));
  }
}
