import { type DuckDBResultReader, DuckDBTypeId } from "@duckdb/node-api";

const WIDE_INTEGERS = new Set([
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UHUGEINT,
]);

/**
 * The rows of a result as plain objects, its wide integers as numbers.
 * @throws Error when one does not fit a JavaScript number exactly
 */
export function readExactRows(reader: DuckDBResultReader): Record<string, unknown>[] {
  const wide = reader
    .columnNames()
    .filter((_, column) => WIDE_INTEGERS.has(reader.columnTypeId(column)));
  const rows = reader.getRowObjectsJson() as Record<string, unknown>[];
  for (const row of rows) for (const name of wide) row[name] = toExactNumber(row[name]);
  return rows;
}

function toExactNumber(value: unknown): number | null {
  if (value === null) return null;
  const number = Number(value);
  if (!Number.isSafeInteger(number)) {
    throw new Error(
      `The integer ${value} is too large to be handed on exactly; cast it to VARCHAR.`,
    );
  }
  return number;
}
