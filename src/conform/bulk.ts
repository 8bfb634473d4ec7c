import type { Context } from "../context.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { quoteLiteral, sqlFile } from "../store/sql-file.ts";
import { boundIn } from "./bindings.ts";
import { hashKey } from "./content-hash.ts";
import type { Mapping, RowChoice } from "./judged-rows.ts";
import { acceptedQuery, keysQuery, reportsQuery } from "./mapping-query.ts";
import { orderSightings } from "./merge.ts";

const sql = sqlFile(import.meta.dirname, "bulk.sql");
const stretches = sqlFile(import.meta.dirname, "stretches.sql");

/**
 * Loads a delivery of many rows: what tells versions apart is settled first, in narrow tables and only for keys
 * that come again, so that each row is then written to core once, as it is to stay. Rows of keys that core holds
 * already are left in `incoming`, to be merged.
 */
export async function loadInBulk(
  context: Context,
  source: SourceDefinition,
  mappings: readonly Mapping[],
  holdsRows: boolean,
): Promise<void> {
  const { store } = context;
  const { repeated, held } = await findRepeatedRows(context, source, mappings, holdsRows);
  if (repeated > 0) {
    await runOver(store, mappings, "arriving", reportsQuery, (reports) =>
      sql("tell-reports", { reports }),
    );
    await store.run(sql("find-unclear"));
    await store.run(sql("settle-clear"));
    await orderSightings(context, sql("points-unclear"), { ordered: source.order !== undefined });
  }
  // Memory is for the rows from here on.
  await store.script(sql("forget-told"));
  await insertRows(context, `core.${source.kind}`, mappings, "direct");
  if (held > 0) await insertRows(context, "incoming", mappings, "held");
}

/** Notes what tells the order of rows that are merged in spans of time, which core does not keep, in the table row_order. */
export async function noteOrder({ store }: Context, mappings: readonly Mapping[]): Promise<void> {
  await runOver(store, mappings, "all", reportsQuery, (reports) =>
    stretches("note-order", { reports }),
  );
}

/** Writes the chosen rows of all groups of files to a table with the columns of core. */
export async function insertRows(
  { store }: Context,
  table: string,
  mappings: readonly Mapping[],
  choice: RowChoice,
): Promise<void> {
  for (const mapping of mappings) {
    const statement = `INSERT INTO ${table} BY NAME ${acceptedQuery(mapping, choice)}`;
    await store.run(statement, boundIn(statement, mapping.bindings));
  }
}

/**
 * Finds the rows whose key comes more than once in the new files, or is held in core, into the temporary table
 * repeated_row.
 * @returns the number of such keys
 */
async function findRepeatedRows(
  { store }: Context,
  source: SourceDefinition,
  mappings: readonly Mapping[],
  holdsRows: boolean,
): Promise<{ repeated: number; held: number }> {
  await store.script(sql("make-keys"));
  const over = (write: (keys: string) => string) =>
    runOver(store, mappings, "all", keysQuery, write);
  await over((keys) => sql("find-repeated-keys", { keys }));
  if (holdsRows) {
    const fragments = {
      kind: source.kind,
      source: quoteLiteral(source.source),
      held: hashKey("record_key"),
    };
    await over((keys) => sql("find-held-keys", { keys, ...fragments }));
  }
  const found = await store.row<{ repeated: number; held: number }>(sql("count-keys"));
  if (!found || found.repeated + found.held === 0) return { repeated: 0, held: 0 };
  await over((keys) => sql("find-repeated-rows", { keys }));
  return found;
}

/** Runs a statement over a query of all groups of files at once. */
async function runOver(
  store: Context["store"],
  mappings: readonly Mapping[],
  choice: RowChoice,
  query: (mapping: Mapping, choice: RowChoice) => string,
  write: (queries: string) => string,
): Promise<void> {
  if (mappings.length === 0) return;
  const statement = write(mappings.map((each) => `(${query(each, choice)})`).join(" UNION ALL "));
  const bound = mappings.map((each) => boundIn(statement, each.bindings));
  await store.run(statement, Object.assign({}, ...bound));
}
