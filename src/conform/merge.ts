import type { Context } from "../context.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { Parameters } from "../store/store.ts";
import type { CoreColumn } from "./catalogue.ts";
import { contentOf, hashContent } from "./content-hash.ts";

const sql = sqlFile(import.meta.dirname, "merge.sql");
const stretches = sqlFile(import.meta.dirname, "stretches.sql");

/** Makes the temporary tables for rows whose key comes more than once, and for what became of them. */
export async function makeIncoming({ store }: Context, { kind }: SourceDefinition): Promise<void> {
  await store.run(sql("make-incoming", { kind }));
  await store.run(sql("make-sightings"));
}

/**
 * Brings all reports of some keys in order, into the table `sighting`.
 * @param points SQL of the reports: record_key, row_hash, known_from, file_id, line; order_number and order_time where
 *   the source tells their order
 */
export async function orderSightings(
  { store }: Context,
  points: string,
  { ordered = false, parameters = {} }: { ordered?: boolean; parameters?: Parameters } = {},
): Promise<void> {
  const latest = ordered ? sql("latest-of-ordered") : "true";
  const content = contentOf("row_hash");
  await store.run(sql("order-sightings", { points, latest, content }), parameters);
}

/** How many rows contradict others, of the keys in this delivery. */
export async function countConflicts({ store }: Context): Promise<number> {
  const counted = await store.row<{ rows: number }>(sql("count-conflicts"));
  return counted?.rows ?? 0;
}

/**
 * Brings the versions of the keys in `incoming` in order, with what is held of them: a version ends where the
 * next one of its key begins; a report that says what the one before said is a duplicate and no version.
 * It is the same in whatever order files came, for reports that made no version are kept too, with those that
 * were settled before.
 * Where files hold only for a time, it is done for each span of time in which the same files hold.
 * @param holdsRows whether core held rows of the source before this delivery
 * @param limited whether some of the source's files hold only for a time; then core holds none of its rows
 */
export async function mergeVersions(
  context: Context,
  source: SourceDefinition,
  catalogue: readonly CoreColumn[],
  { holdsRows, limited }: { readonly holdsRows: boolean; readonly limited: boolean },
): Promise<void> {
  const { store } = context;
  const { kind } = source;
  const own = { source: source.source };
  if (limited) await store.run(stretches("lay-out-stretches"), own);
  if (await addSingle(store, kind, own, { holdsRows, limited })) {
    if (holdsRows) await store.run(sql("add-reports", { kind }), own);
    await store.run(sql("make-reports", { hash: hashContent(catalogue) }));
    await store.run(sql("keep-content"));
    if (limited) await orderBySpan(context, source, own);
    else await orderSightings(context, sql("points-to-merge"), { parameters: own });
    if (holdsRows) {
      await store.run(sql("drop-repeated", { kind }), own);
      await store.run(sql("drop-sightings"), own);
    }
    await store.run(sql("add-versions", { kind }));
  }
  if (await store.row(sql("any-sighting"))) {
    await store.run(sql("add-sightings"), own);
    if (limited) await store.run(stretches("end-sightings"), own);
    await store.run(sql("drop-conflicts"), own);
    await store.run(sql("add-conflicts"), { ...own, column: source.key.join("+") });
  }
  if (kind === "entity") {
    await store.run(sql("forget-derived"), own);
    await store.run(sql("derive-codes"), own);
  }
}

/** As orderSightings, apart for every span of time in which the same files hold; what holds again is noted. */
async function orderBySpan(
  context: Context,
  { order }: SourceDefinition,
  own: { readonly source: string },
): Promise<void> {
  const { store } = context;
  const ordered = order !== undefined;
  const merged = sql("points-to-merge");
  const points = ordered ? stretches("points-with-order", { points: merged }) : merged;
  await store.run(stretches("cut-keys", { points }), own);
  const bySpan = stretches("points-by-span", { points });
  await orderSightings(context, bySpan, { ordered, parameters: own });
  await store.run(stretches("join-spans"));
  await store.run(stretches("note-known-again"), own);
}

/**
 * Puts the rows whose key comes once straight to core and leaves the others in `incoming`, to be merged.
 * @returns whether there is anything left to merge
 */
async function addSingle(
  store: Context["store"],
  kind: string,
  own: { readonly source: string },
  { holdsRows, limited }: { readonly holdsRows: boolean; readonly limited: boolean },
): Promise<boolean> {
  await store.run(sql("find-repeated"));
  if (limited) await store.run(stretches("find-limited"), own);
  if (holdsRows) await store.run(sql("find-held", { kind }), own);
  const incoming = await store.row<{ rows: number; keys: number; repeated: number }>(
    sql("count-incoming"),
  );
  if (!incoming?.rows) return false;
  if (incoming.repeated === 0) {
    await store.run(sql("add-all", { kind }));
    return false;
  }
  // Where most are repeated, as after a bulk load, a copy costs more than it saves; the merge takes all.
  if (2 * (incoming.keys - incoming.repeated) < incoming.rows) return true;
  await store.run(sql("add-single", { kind }));
  await store.run(sql("keep-repeated"));
  return true;
}
