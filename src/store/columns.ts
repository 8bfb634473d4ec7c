import { DuckDBDataChunk, type DuckDBValue } from "@duckdb/node-api";
import { QueryError } from "./query-error.ts";
import type { Parameters, Store } from "./store.ts";

/** Values of one column; NaN in a Float64Array is NULL. */
export type ColumnValues = Int32Array | Float64Array | readonly (string | null)[];

const CHUNK = 2048;

/**
 * Appends rows given by columns to a table, in the table's column order: far cheaper than one INSERT per row.
 * Belongs to the transaction the connection is in.
 * @param table name within the schema; temporary tables are in catalog "temp", schema "main"
 * @throws Error when the columns differ in number or length from the table's
 */
export async function appendColumns(
  store: Store,
  where: { readonly catalog?: string; readonly schema: string; readonly table: string },
  columns: readonly ColumnValues[],
): Promise<void> {
  const { catalog = null, schema, table } = where;
  const length = columns[0]?.length ?? 0;
  const appender = await store.connection.createAppender(table, schema, catalog);
  try {
    if (columns.length !== appender.columnCount || columns.some((c) => c.length !== length)) {
      throw new Error(
        `${schema}.${table} takes ${appender.columnCount} columns of equal length, but got ${columns.map((c) => c.length).join(", ")} values.`,
      );
    }
    const types = columns.map((_, index) => appender.columnType(index));
    for (let start = 0; start < length; start += CHUNK) {
      const end = Math.min(start + CHUNK, length);
      const chunk = DuckDBDataChunk.create(types, end - start);
      columns.forEach((values, index) => {
        chunk.setColumnValues(index, nullable(values, start, end));
      });
      appender.appendDataChunk(chunk);
    }
  } finally {
    appender.closeSync();
  }
}

/** The columns of a result by name; dates and decimals must be cast to text or DOUBLE in the query. */
export async function readColumns<T extends Record<string, readonly DuckDBValue[]>>(
  store: Store,
  sql: string,
  parameters?: Parameters,
): Promise<T> {
  try {
    const reader = await store.connection.runAndReadAll(
      sql,
      parameters as Record<string, DuckDBValue> | undefined,
    );
    const columns = reader.getColumns();
    return Object.fromEntries(
      reader.columnNames().map((name, index) => [name, columns[index] ?? []]),
    ) as unknown as T;
  } catch (error) {
    throw new QueryError(error, sql);
  }
}

/**
 * Hands over the columns of a result a chunk at a time, so that millions of rows are never all in memory as JavaScript values.
 * @param take columns in the order of the query, all of the same length
 * @throws QueryError, and BrokenOffError when the result ends midway
 */
export async function scanColumns(
  store: Store,
  sql: string,
  parameters: Parameters,
  take: (columns: readonly (readonly DuckDBValue[])[]) => void,
): Promise<void> {
  const stream = await store.stream(sql, parameters);
  for await (const chunk of stream.chunks()) take(chunk.getColumns());
}

function nullable(values: ColumnValues, start: number, end: number): DuckDBValue[] {
  const slice = Array.from(values.slice(start, end) as Iterable<number | string | null>);
  return values instanceof Float64Array
    ? slice.map((value) => (Number.isNaN(value) ? null : value))
    : slice;
}
