import type { Context } from "../context.ts";
import { quoteIdentifier, sqlFile } from "../store/sql-file.ts";
import { create, type Evidence } from "./evidence.ts";
import type { Ranked } from "./rank.ts";
import type { WrittenReason } from "./reason.ts";
import type { Sheets } from "./sheets.ts";

const sql = sqlFile(import.meta.dirname, "score.sql");

/**
 * Lays contributions and their details out in temporary tables, where the details by category are worked out.
 * @param detailed places of the periods whose details are kept: those that a report of this period shows or compares
 */
export async function layOutDetails(
  context: Context,
  { units }: Evidence,
  sheets: Sheets,
  detailed: ReadonlySet<number>,
): Promise<void> {
  const isDetailed = ({ unit }: { readonly unit: number }) =>
    detailed.has(units[unit]?.period as number);
  const { slots, points, splits } = sheets;
  const records = sheets.records.filter(isDetailed);
  await create(context, "slot", [
    Int32Array.from(slots.keys()),
    slots.map(({ kind }) => kind),
    slots.map(({ id }) => id),
  ]);
  const cells = new Int32Array(points.length)
    .map((_, cell) => cell)
    .filter((cell) => !Number.isNaN(points[cell]));
  await create(context, "contribution", [
    cells.map((cell) => Math.floor(cell / slots.length)),
    cells.map((cell) => cell % slots.length),
    Float64Array.from(cells, (cell) => points[cell] as number),
  ]);
  await create(context, "split", [
    Int32Array.from(splits, ({ unit }) => unit),
    Int32Array.from(splits, ({ slot }) => slot),
    Float64Array.from(splits, ({ lost }) => lost),
    Float64Array.from(splits, ({ reference }) => reference),
    Float64Array.from(splits, ({ sign }) => sign),
  ]);
  await create(context, "detail", [
    Int32Array.from(records, ({ unit }) => unit),
    Int32Array.from(records, ({ slot }) => slot),
    records.map(() => "record"),
    records.map(({ recordKey }) => recordKey),
    records.map(({ occurredOn }) => occurredOn),
    Int32Array.from(records, ({ fileId }) => fileId),
    Float64Array.from(records, ({ line }) => line),
    new Float64Array(records.length).fill(Number.NaN),
    Float64Array.from(records, ({ points: own }) => own),
  ]);
  await context.store.run(sql("create-total"), { run: context.runId });
  await context.store.run(sql("insert-category"));
  await context.store.run(sql("insert-rest"), { detailed: JSON.stringify([...detailed]) });
}

/** Replaces the run's scores by the new ones. Belongs to the caller's transaction. */
export async function writeScores(
  context: Context,
  sheets: Sheets,
  ranked: readonly Ranked[],
  reasons: readonly (WrittenReason | undefined)[],
): Promise<void> {
  const { store, runId } = context;
  await layOutNodes(context, sheets, ranked);
  await layOutRanks(context, ranked, reasons);
  for (const table of ["node", "contribution", "contribution-detail", "rank"]) {
    await store.run(sql(`delete-${table}`), { run: runId });
    await store.run(sql(`insert-${table}`), { run: runId });
  }
}

async function layOutNodes(
  context: Context,
  { nodes }: Sheets,
  ranked: readonly Ranked[],
): Promise<void> {
  const { standard } = context;
  const named = [
    ...standard.nodes.map(({ id, parent }) => ({
      id,
      parent: parent ?? null,
      kind: parent === undefined ? "index" : "dimension",
    })),
    ...standard.indicators.map(({ indicator: id, parent }) => ({ id, parent, kind: "indicator" })),
  ];
  await create(context, "node", [
    Int32Array.from(named.keys()),
    named.map(({ id }) => id),
    named.map(({ parent }) => parent),
    named.map(({ kind }) => kind),
  ]);
  // The index shows the final index as its score, and as its raw value the tree's, before deductions and bonuses.
  const value = nodes.value.slice();
  const score = nodes.score.slice();
  ranked.forEach((body, unit) => {
    const index = nodes.start[unit] as number;
    value[index] = score[index] as number;
    score[index] = body.score;
  });
  const { unit, node, state, nominal, share, coverage } = nodes;
  const columns = [unit, node, state, value, score, nominal, share, coverage];
  await create(context, "node-value", columns);
}

async function layOutRanks(
  context: Context,
  ranked: readonly Ranked[],
  reasons: readonly (WrittenReason | undefined)[],
): Promise<void> {
  const score = (unit: number | undefined) =>
    unit === undefined ? Number.NaN : (ranked[unit] as Ranked).score;
  const rank = (unit: number | undefined) =>
    (unit === undefined ? undefined : ranked[unit]?.rank) ?? Number.NaN;
  await create(context, "rank", [
    Int32Array.from(ranked.keys()),
    ranked.map((body) => (body.rank === undefined ? "not_ranked" : "ranked")),
    Float64Array.from(ranked, (body) => body.score),
    Float64Array.from(ranked, (body) => body.rank ?? Number.NaN),
    Float64Array.from(ranked, (body) => body.rankedOf),
    ranked.map((body) => (body.rank === undefined ? null : (body.grade?.id ?? null))),
    ranked.map((body) => (body.rank === undefined ? null : (body.gradeBeforeVeto?.id ?? null))),
    ranked.map((body) => (body.rank === undefined ? null : (body.vetoedBy ?? null))),
    Float64Array.from(ranked, (body) => body.coverage),
    Float64Array.from(ranked, (body) => score(body.previous)),
    Float64Array.from(ranked, (body) => rank(body.previous)),
    Float64Array.from(ranked, (body) => score(body.lastYear)),
    Float64Array.from(ranked, (body) => rank(body.lastYear)),
    reasons.map((reason) => reason?.zh ?? null),
    reasons.map((reason) => reason?.en ?? null),
    reasons.map((reason) => reason?.forEverybody?.zh ?? null),
    reasons.map((reason) => reason?.forEverybody?.en ?? null),
  ]);
}

/** Gives back the memory of the stage's temporary tables. */
export async function dropTemporary({ store }: Context): Promise<void> {
  for (const { name } of await store.rows<{ name: string }>(sql("list-temporary"))) {
    await store.run(`DROP TABLE temp.${quoteIdentifier(name)}`);
  }
}
