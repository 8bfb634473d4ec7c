import type { DuckDBValue } from "@duckdb/node-api";
import {
  type DataType,
  Field,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
} from "apache-arrow";
import { gatherColumn } from "./arrow-column.ts";
import { QueryError } from "./query-error.ts";
import { quoteIdentifier, quoteLiteral } from "./sql-file.ts";
import type { Parameters, Store } from "./store.ts";

/** Rows in one record batch: enough to be read fast, few enough to be held in memory. */
const BATCH_ROWS = 65_536;

/**
 * The result of a query as an Arrow IPC file, copied from DuckDB's column vectors without row objects.
 * INTEGER, BIGINT, DOUBLE, BOOLEAN, DATE and TIMESTAMP (microseconds, no zone) keep their type, DECIMAL becomes
 * decimal128, VARCHAR utf8. The same rows give the same bytes: the query must order them.
 * @param dictionaries text columns with few different values, written as dictionaries in alphabetical order
 * @throws Error in a sentence for a column of another type; QueryError when the query fails
 */
export async function readArrow(
  store: Store,
  sql: string,
  {
    parameters,
    dictionaries = [],
  }: { readonly parameters?: Parameters; readonly dictionaries?: readonly string[] } = {},
): Promise<Uint8Array> {
  const query = dictionaries.length > 0 ? await encode(store, sql, parameters, dictionaries) : sql;
  const result = await stream(store, query, parameters);
  const names = result.columnNames();
  const columns = names.map((name, place) => gatherColumn(name, result.columnType(place), place));
  const schema = new Schema(
    names.map((name, place) => new Field(name, typeOf(columns, place), true)),
  );
  const writer = new RecordBatchFileWriter();
  for await (const batch of batches()) writer.write(batch);
  writer.finish();
  return writer.toUint8Array(true);

  async function* batches() {
    let rows = 0;
    let written = 0;
    const take = () => {
      const length = rows;
      rows = 0;
      written++;
      return new RecordBatch(
        schema,
        makeData({
          type: new Struct(schema.fields),
          length,
          nullCount: 0,
          children: columns.map((column) => column.take()),
        }),
      );
    };
    for (let chunk = await result.fetchChunk(); chunk; chunk = await result.fetchChunk()) {
      if (chunk.rowCount === 0) break;
      for (const [place, column] of columns.entries()) column.add(chunk, place);
      rows += chunk.rowCount;
      if (rows >= BATCH_ROWS) yield take();
    }
    if (rows > 0 || written === 0) yield take();
  }
}

function typeOf(columns: readonly { readonly type: DataType }[], place: number): DataType {
  return (columns[place] as { readonly type: DataType }).type;
}

/** Casts text columns to an ENUM of the values they hold: DuckDB then hands over codes, which cost a tenth of the texts. */
async function encode(
  store: Store,
  sql: string,
  parameters: Parameters | undefined,
  dictionaries: readonly string[],
): Promise<string> {
  const words = dictionaries.map((name, place) => {
    const column = quoteIdentifier(name);
    return `list_sort(list(DISTINCT ${column}) FILTER (WHERE ${column} IS NOT NULL)) AS words${place}`;
  });
  const found = await store.row<Record<string, string[] | null>>(
    `SELECT ${words.join(", ")} FROM (${sql})`,
    parameters,
  );
  const casts = dictionaries.flatMap((name, place) => {
    const list = found?.[`words${place}`] ?? [];
    if (list.length === 0) return [];
    const column = quoteIdentifier(name);
    return [`CAST(${column} AS ENUM(${list.map(quoteLiteral).join(", ")})) AS ${column}`];
  });
  return casts.length > 0 ? `SELECT * REPLACE (${casts.join(", ")}) FROM (${sql})` : sql;
}

async function stream(store: Store, sql: string, parameters: Parameters | undefined) {
  try {
    return await store.connection.stream(
      sql,
      parameters as Record<string, DuckDBValue> | undefined,
    );
  } catch (error) {
    throw new QueryError(error, sql);
  }
}
