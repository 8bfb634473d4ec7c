import type { Context, StageOutcome } from "../context.ts";
import { findUndeclared } from "../standard/indicator-columns.ts";
import { type IndicatorFile, tablesOf } from "../standard/indicator-file.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";
import { closeGaps, layOutGaps, readDeliveredMonths } from "./delivered-rows.ts";
import { type Deliveries, type IndicatorGaps, readDeliveries } from "./deliveries.ts";
import {
  fingerprintComputation,
  readCalendarFingerprint,
  readContents,
  type TableContents,
} from "./fingerprint.ts";
import { type Batch, measureBatch } from "./measure-batch.ts";
import { setPeriods } from "./periods.ts";
import { type Span, spanOf } from "./span.ts";
import { tellUncounted } from "./tell-uncounted.ts";
import { tellUndelivered } from "./tell-undelivered.ts";
import { tellEmpty, tellUnusable } from "./tell-unusable.ts";
import { excludeUncounted, findUncountable } from "./working-days.ts";

const sql = sqlFile(import.meta.dirname, "measure.sql");

/**
 * Measures every indicator of the standard for every period of the run, from what was known at its as-of time.
 * A computation whose indicator, window and tables are what they were is used again; the others are made, those of
 * the same periods in one transaction. Fills facts.computation, value, category and item, and rewrites this run's
 * rows of facts.run_computation.
 * @throws Error naming the indicator that cannot be measured, and why
 */
export async function measure(context: Context): Promise<StageOutcome> {
  const { store } = context;
  const spans = context.periods.map((period) => spanOf(period, context));
  const written = [...context.indicators.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const uncountable = await findUncountable(store, written);
  const indicators = written.map((one) => (uncountable.has(one.id) ? excludeUncounted(one) : one));
  await setPeriods(store, spans);
  await store.run(sql("make-entities"));
  await store.run(sql("make-lineage"));
  const deliveries = await readDeliveries(context, indicators);
  for (const indicator of written) await requireDeclared(store, indicator, deliveries);
  const counting = written.filter(({ id }) => uncountable.has(id));
  try {
    return await measureDelivered(context, spans, indicators, deliveries, counting);
  } finally {
    await closeGaps(store);
  }
}

async function measureDelivered(
  context: Context,
  spans: readonly Span[],
  indicators: readonly IndicatorFile[],
  deliveries: Deliveries,
  uncountable: readonly IndicatorFile[],
): Promise<StageOutcome> {
  const { store } = context;
  const computations = await listComputations(store, spans, indicators, deliveries);
  const batches = await formBatches(store, computations);
  let read = 0;
  const overrun: string[] = [];
  for (const batch of batches) {
    const found = await measureBatch(store, batch, deliveries.lacking, ({ id }) =>
      context.progress.step("measure", read++, indicators.length, id),
    );
    overrun.push(...found);
  }
  await recordRun(context, computations);
  context.progress.step("measure", indicators.length, indicators.length);

  const all = indicators.length * spans.length;
  const computed = batches
    .map(({ members, spans: made }) => members.length * made.length)
    .reduce((sum, count) => sum + count, 0);
  return {
    stage: "measure",
    counts: {
      indicators: indicators.length,
      periods: spans.length,
      computed,
      reused: all - computed,
    },
    notes: [
      {
        zh: `${indicators.length} 项指标 × ${spans.length} 期：新计算 ${computed} 项，沿用未变化的 ${all - computed} 项。`,
        en: `${indicators.length} indicators × ${spans.length} periods: ${computed} computed, ${all - computed} unchanged and used again.`,
      },
      ...[...new Set(overrun)].map(sayOverrun),
      ...(await tellEmpty(context)),
      ...(await tellUnusable(context)),
      ...(await tellUncounted(context, uncountable)),
      ...(await tellUndelivered(context, deliveries)),
    ],
  };
}

function sayOverrun(id: string): { zh: string; en: string } {
  return {
    zh: `指标 ${id} 的 SQL 把数字转换成装不下它的类型：这些行不计，计入 excluded。请让 SQL 用 DOUBLE，或核对数据。`,
    en: `The SQL of the indicator ${id} casts numbers to a type that cannot hold them: those rows are left out and counted as excluded. Let the SQL use DOUBLE, or check the data.`,
  };
}

/** What is to be known: every indicator in every period, with the names under which they may be held already. */
async function listComputations(
  store: Store,
  spans: readonly Span[],
  indicators: readonly IndicatorFile[],
  deliveries: Deliveries,
): Promise<Batch["members"]> {
  const contents = await readContents(store, ["entity", ...indicators.flatMap(tablesOf)]);
  const calendar = await readCalendarFingerprint(store);
  const rescued = await layOutGaps(store, deliveries);
  const computations: Batch["members"][number][] = [];
  for (const indicator of indicators) {
    const gaps = deliveries.gaps.get(indicator.id);
    const whole = await readWholeMonths(store, indicator, gaps);
    const lacking = { gaps, rescued: rescued.get(indicator.id) };
    const wanted = spans.map((span) => ({
      span,
      fingerprint: fingerprintComputation(indicator, span, contents, calendar, lacking),
      delivered: isDelivered(indicator, span, contents, whole),
    }));
    computations.push({ indicator, gaps, wanted });
  }
  return computations;
}

/** @throws Error naming a column that the SQL uses and the header does not declare: a file may lack it unnoticed */
async function requireDeclared(
  store: Store,
  indicator: IndicatorFile,
  { lacking }: Deliveries,
): Promise<void> {
  for (const table of tablesOf(indicator)) {
    const [name] = await findUndeclared(store, indicator, table, lacking);
    if (name === undefined) continue;
    throw new Error(
      `The indicator ${indicator.id} (${indicator.file}) uses ${table}.${name}, which its reads does not declare; a file may lack it. Add it: "zhengxin validate" says how.`,
    );
  }
}

/** Leaves out what is held already, and puts together the indicators that lack the same periods. */
async function formBatches(store: Store, computations: Batch["members"]): Promise<Batch[]> {
  const held = new Set(
    (await store.rows<{ fingerprint: string }>(sql("held-computations"))).map(
      ({ fingerprint }) => fingerprint,
    ),
  );
  const batches = new Map<string, { spans: Span[]; members: Batch["members"][number][] }>();
  for (const { indicator, gaps, wanted } of computations) {
    const missing = wanted.filter(({ fingerprint }) => !held.has(fingerprint));
    if (missing.length === 0) continue;
    const spans = missing.map(({ span }) => span);
    const key = spans.map(({ period }) => period).join(" ");
    const batch = batches.get(key) ?? { spans, members: [] };
    batch.members.push({ indicator, gaps, wanted: missing });
    batches.set(key, batch);
  }
  return [...batches.values()];
}

async function recordRun(context: Context, computations: Batch["members"]): Promise<void> {
  const { store, runId } = context;
  const rows = computations.flatMap(({ indicator, wanted }) =>
    wanted.map(({ span, fingerprint }) => ({
      indicator: indicator.id,
      period: span.period,
      fingerprint,
    })),
  );
  await store.transaction(async () => {
    await store.run(sql("forget-run"), { run: runId });
    await store.run(sql("record-run"), { run: runId, computations: JSON.stringify(rows) });
  });
}

/** Months of the facts that are delivered whole, by table, of the tables of which something is not. */
async function readWholeMonths(
  store: Store,
  indicator: IndicatorFile,
  gaps: IndicatorGaps | undefined,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const months = new Map<string, readonly string[]>();
  for (const table of gaps?.bare ?? []) months.set(table, []);
  for (const { table } of gaps?.gaps ?? []) {
    if (months.has(table)) continue;
    months.set(table, await readDeliveredMonths(store, indicator, table));
  }
  return months;
}

/**
 * Whether any table that the indicator reads has facts in the window (a list looks back without end), and each one of which
 * something is not delivered has, up to the window's end, facts that are delivered whole: what begins before may matter in it.
 */
function isDelivered(
  indicator: IndicatorFile,
  span: Span,
  contents: ReadonlyMap<string, TableContents>,
  whole: ReadonlyMap<string, readonly string[]>,
): boolean {
  const from = indicator.aggregate === "list" ? "" : span.window_start;
  const holds = (table: string) =>
    contents.get(table)?.months.some((month) => month >= from && month <= span.end) ?? false;
  return (
    tablesOf(indicator).some((table) => table !== "entity" && holds(table)) &&
    [...whole.values()].every((months) => months.some((month) => month <= span.end))
  );
}
