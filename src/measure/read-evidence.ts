import type { Context } from "../context.ts";
import type { Period } from "../period.ts";
import type { IndicatorFile } from "../standard/indicator-file.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";
import { closeGaps, layOutGaps, readByDelivery } from "./delivered-rows.ts";
import { readDeliveries } from "./deliveries.ts";
import { setPeriods } from "./periods.ts";
import { type Span, spanOf } from "./span.ts";
import { excludeUncounted, findUncountable } from "./working-days.ts";

const sql = sqlFile(import.meta.dirname, "read-evidence.sql");

/** One record behind a figure, with the place it came from. */
export interface EvidenceRow {
  /** The body the record itself names; below the one asked for where figures roll up. */
  readonly entity_id: string;
  readonly occurred_on: string;
  /** Exact, as text: to six places, but a double in the fewest digits that tell it. */
  readonly numerator: string | null;
  readonly denominator: string | null;
  readonly category: string | null;
  readonly excluded: boolean;
  /** Left out because its file lacks a column that the indicator needs; it has no figure then. */
  readonly undelivered: boolean;
  readonly record_key: string | null;
  readonly file_id: number | null;
  readonly line: number | null;
  readonly source_id: string | null;
  readonly file_name: string | null;
  /** sha-256 of the file as received. */
  readonly file_hash: string | null;
}

export interface Evidence {
  readonly rows: readonly EvidenceRow[];
  /** How many there are; more than `rows` when a limit was given. */
  readonly total: number;
}

/** What is asked for. */
export interface EvidenceQuestion {
  readonly indicatorId: string;
  readonly entityId: string;
  readonly period: Period;
  /** Most rows to hand back; all of them when left out. */
  readonly limit?: number;
}

/**
 * The evidence rows behind one body's value of an indicator in a period, oldest first, as known at the run's
 * as-of time. The session's as_of must be set, as it is within a run.
 * @throws Error naming the indicator when the standard does not use it
 */
export async function readEvidence(
  context: Pick<Context, "store" | "sources" | "indicators" | "standard" | "asOf">,
  { indicatorId, entityId, period, limit }: EvidenceQuestion,
): Promise<Evidence> {
  const { store } = context;
  const written = context.indicators.get(indicatorId);
  if (!written) {
    throw new Error(
      `The standard uses no indicator "${indicatorId}". Its indicators are: ${[...context.indicators.keys()].sort().join(", ")}.`,
    );
  }
  const span = spanOf(period, context);
  const found: (EvidenceRow & { row_count?: number })[][] = [];
  await overEvidence(context, [written], span, {
    whole: async (indicator, evidence) => {
      found.push(await readRows(store, evidence, { indicator, entityId, span, limit }));
    },
    leftOut: async (indicator, evidence) => {
      const left = await readRows(store, evidence, { indicator, entityId, span, limit });
      // What a file lacks was filled in to find the rows; it is no figure of theirs.
      const unknown = { numerator: null, denominator: null, undelivered: true };
      found.push(left.map((row) => ({ ...row, ...unknown })));
    },
  });
  const total = found.reduce((sum, rows) => sum + (rows[0]?.row_count ?? 0), 0);
  const rows = found.flat();
  for (const row of rows) delete row.row_count;
  if (found.length > 1) rows.sort((a, b) => (a.occurred_on < b.occurred_on ? -1 : 1));
  return { rows: rows.slice(0, limit), total };
}

/** Is given the SQL of an indicator's evidence rows, of all bodies and days. */
export type TakeEvidence = (indicator: IndicatorFile, evidence: string) => Promise<void>;

/**
 * Lays the evidence of indicators out as measure does in a period, and hands over the SQL of each: the rows that count,
 * then those left out because their file lacks a column.
 */
export async function overEvidence(
  context: Pick<Context, "store" | "sources" | "standard" | "asOf">,
  written: readonly IndicatorFile[],
  span: Span,
  take: { readonly whole: TakeEvidence; readonly leftOut: TakeEvidence },
): Promise<void> {
  const { store } = context;
  const uncountable = await findUncountable(store, written);
  const indicators = written.map((one) => (uncountable.has(one.id) ? excludeUncounted(one) : one));
  await setPeriods(store, [span]);
  const { lacking, gaps } = await readDeliveries(context, indicators);
  await layOutGaps(store, { gaps });
  try {
    for (const indicator of indicators) {
      await readByDelivery(
        store,
        indicator,
        gaps.get(indicator.id)?.gaps ?? [],
        lacking,
        (evidence) => take.whole(indicator, evidence),
        (evidence) => take.leftOut(indicator, evidence),
      );
    }
  } finally {
    await closeGaps(store);
  }
}

interface RowQuestion {
  readonly indicator: IndicatorFile;
  readonly entityId: string;
  readonly span: Span;
  readonly limit: number | undefined;
}

function readRows(
  store: Store,
  evidence: string,
  { indicator, entityId, span, limit }: RowQuestion,
): Promise<(EvidenceRow & { row_count?: number })[]> {
  const list = indicator.aggregate === "list";
  const within =
    indicator.evidence === "state"
      ? "e.period = $period"
      : `CAST(e.occurred_on AS DATE) BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)`;
  return store.rows(
    sql("evidence", {
      evidence,
      within,
      numerator: asText("e.numerator"),
      denominator: asText("e.denominator"),
      unusable: list ? "e.category IS NULL" : "e.numerator IS NULL OR e.denominator IS NULL",
    }),
    {
      entity: entityId,
      rollup: indicator.rollup,
      rows: limit ?? Number.MAX_SAFE_INTEGER,
      ...(indicator.evidence === "state"
        ? { period: span.period }
        : { first: list ? "0001-01-01" : span.window_start, last: span.end }),
    },
  );
}

function asText(number: string): string {
  return `CASE WHEN typeof(${number}) IN ('DOUBLE', 'FLOAT') THEN CAST(${number} AS VARCHAR)
    ELSE CAST(TRY_CAST(${number} AS DECIMAL(38,6)) AS VARCHAR) END`;
}
