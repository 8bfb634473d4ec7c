import type { Context, StageOutcome } from "../context.ts";
import type { IndicatorFile } from "../standard/indicator-file.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";
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
  const contents = await readContents(store, [
    "entity",
    ...indicators.flatMap(({ reads }) => reads),
  ]);
  const calendar = await readCalendarFingerprint(store);
  const computations = indicators.map((indicator) => ({
    indicator,
    wanted: spans.map((span) => ({
      span,
      fingerprint: fingerprintComputation(indicator, span, contents, calendar),
      delivered: isDelivered(indicator, span, contents),
    })),
  }));

  const batches = await formBatches(store, computations);
  let read = 0;
  const overrun: string[] = [];
  for (const batch of batches) {
    const found = await measureBatch(store, batch, ({ id }) =>
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
      ...(await tellUncounted(
        context,
        written.filter(({ id }) => uncountable.has(id)),
      )),
    ],
  };
}

function sayOverrun(id: string): { zh: string; en: string } {
  return {
    zh: `指标 ${id} 的 SQL 把数字转换成装不下它的类型：这些行不计，计入 excluded。请让 SQL 用 DOUBLE，或核对数据。`,
    en: `The SQL of the indicator ${id} casts numbers to a type that cannot hold them: those rows are left out and counted as excluded. Let the SQL use DOUBLE, or check the data.`,
  };
}

/** Leaves out what is held already, and puts together the indicators that lack the same periods. */
async function formBatches(store: Store, computations: Batch["members"]): Promise<Batch[]> {
  const held = new Set(
    (await store.rows<{ fingerprint: string }>(sql("held-computations"))).map(
      ({ fingerprint }) => fingerprint,
    ),
  );
  const batches = new Map<string, { spans: Span[]; members: Batch["members"][number][] }>();
  for (const { indicator, wanted } of computations) {
    const missing = wanted.filter(({ fingerprint }) => !held.has(fingerprint));
    if (missing.length === 0) continue;
    const spans = missing.map(({ span }) => span);
    const key = spans.map(({ period }) => period).join(" ");
    const batch = batches.get(key) ?? { spans, members: [] };
    batch.members.push({ indicator, wanted: missing });
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

/** Whether any table that the indicator reads, beside the bodies themselves, has facts in the window; a list looks back without end. */
function isDelivered(
  indicator: IndicatorFile,
  span: Span,
  contents: ReadonlyMap<string, TableContents>,
): boolean {
  const tables = indicator.reads.filter((table) => table !== "entity");
  const from = indicator.aggregate === "list" ? "" : span.window_start;
  return tables.some((table) =>
    contents.get(table)?.months.some((month) => month >= from && month <= span.end),
  );
}
