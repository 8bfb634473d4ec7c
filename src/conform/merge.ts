import type { Context } from "../context.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { quoteLiteral, sqlFile } from "../store/sql-file.ts";
import { boundIn } from "./bindings.ts";
import { keysQuery, type Mapping } from "./mapping-query.ts";

const sql = sqlFile(import.meta.dirname, "merge.sql");

/**
 * Finds the rows whose key comes more than once, in the new files or among what is held, into the temporary
 * table repeated_row. All others can go straight to core: a first load of millions is one narrow grouping and
 * one append, for rows appended are never taken back.
 * @returns whether there are any
 */
export async function findRepeatedRows(
  { store }: Context,
  source: SourceDefinition,
  mappings: readonly Mapping[],
  holdsRows: boolean,
): Promise<boolean> {
  await store.run(sql("make-key-table"));
  await store.run(sql("make-row-table"));
  await runOver(store, mappings, (keys) => sql("find-repeated-keys", { keys }));
  if (holdsRows) {
    const fragments = { kind: source.kind, source: quoteLiteral(source.source) };
    await runOver(store, mappings, (keys) => sql("find-held-keys", { keys, ...fragments }));
  }
  const found = await store.row<{ keys: number }>(sql("count-repeated-keys"));
  if (!found?.keys) return false;
  await runOver(store, mappings, (keys) => sql("find-repeated-rows", { keys }));
  return true;
}

/** Runs a statement over the keys of all groups of files at once. */
async function runOver(
  store: Context["store"],
  mappings: readonly Mapping[],
  write: (keys: string) => string,
): Promise<void> {
  if (mappings.length === 0) return;
  const statement = write(mappings.map((each) => `(${keysQuery(each)})`).join(" UNION ALL "));
  const bound = mappings.map((each) => boundIn(statement, each.bindings));
  await store.run(statement, Object.assign({}, ...bound));
}

/** Makes the temporary table for rows whose key comes more than once. */
export async function makeIncoming({ store }: Context, { kind }: SourceDefinition): Promise<void> {
  await store.run(sql("make-incoming", { kind }));
}

/**
 * Brings the versions of the keys in `incoming` in order, with what is held of them: a version ends where the
 * next one of its key begins; a report that says what the one before said is a duplicate and no version.
 * It is the same in whatever order files came, for reports that made no version are kept too.
 * @param holdsRows whether core held rows of the source before this delivery
 */
export async function mergeVersions(
  { store }: Context,
  source: SourceDefinition,
  holdsRows: boolean,
): Promise<void> {
  const { kind } = source;
  const own = { source: source.source };
  if (await addSingle(store, kind, own, holdsRows)) {
    if (holdsRows) await store.run(sql("add-reports", { kind }), own);
    await store.run(sql("keep-content"));
    await store.run(sql("order-sightings"), own);
    if (holdsRows) {
      await store.run(sql("drop-repeated", { kind }), own);
      await store.run(sql("drop-sightings"), own);
    }
    await store.run(sql("add-versions", { kind }));
    await store.run(sql("add-sightings"), own);
    await store.run(sql("drop-conflicts"), own);
    await store.run(sql("add-conflicts"), { ...own, column: source.key.join("+") });
  }
  if (kind === "entity") {
    await store.run(sql("forget-derived"), own);
    await store.run(sql("derive-codes"), own);
  }
}

/**
 * Puts the rows whose key comes once straight to core and leaves the others in `incoming`, to be merged.
 * @returns whether there is anything left to merge
 */
async function addSingle(
  store: Context["store"],
  kind: string,
  own: { readonly source: string },
  holdsRows: boolean,
): Promise<boolean> {
  const incoming = await store.row<{ rows: number; keys: number }>(sql("count-incoming"));
  if (!incoming?.rows) return false;
  await store.run(sql("find-repeated"));
  if (holdsRows) await store.run(sql("find-held", { kind }), own);
  const repeated = await store.row<{ keys: number }>(sql("count-repeated"));
  if (!repeated?.keys) {
    await store.run(sql("add-all", { kind }));
    return false;
  }
  // Where most are repeated, as after a bulk load, a copy costs more than it saves; the merge takes all.
  if (2 * (incoming.keys - repeated.keys) < incoming.rows) return true;
  await store.run(sql("add-single", { kind }));
  await store.run(sql("keep-repeated"));
  return true;
}
