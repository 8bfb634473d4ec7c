import { createHash } from "node:crypto";
import { type Ending, writeBatches } from "./arrow-batches.ts";
import { quoteIdentifier, quoteLiteral } from "./sql-file.ts";
import type { Parameters, Store } from "./store.ts";
import { sourceOf } from "./vector-access.ts";

/**
 * The result of a query as an Arrow IPC file, copied from DuckDB's column vectors without row objects.
 * Types are kept as arrow-column.ts says; VARCHAR is utf8 unless named in `dictionaries`. The same rows give the same
 * bytes: the query must order them.
 * @param dictionaries text columns with few different values, written as dictionaries in alphabetical order
 * @throws Error in a sentence for a column of a type without Arrow form; QueryError when the query fails
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
  const pieces: Uint8Array[] = [];
  for await (const bytes of batchesOf(store, query, parameters)) pieces.push(bytes);
  return Buffer.concat(pieces);
}

/** sha-256 of the result of a query as readArrow writes it, without holding it. */
export async function digestQuery(store: Store, sql: string): Promise<string> {
  const sum = createHash("sha256");
  for await (const bytes of batchesOf(store, sql)) sum.update(bytes);
  return sum.digest("hex");
}

async function* batchesOf(
  store: Store,
  sql: string,
  parameters?: Parameters,
): AsyncGenerator<Uint8Array, Ending> {
  const stream = await store.stream(sql, parameters);
  try {
    return yield* writeBatches(sourceOf(stream), "file");
  } finally {
    await stream.close();
  }
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
