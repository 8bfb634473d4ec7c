import type { LackingColumns } from "../standard/indicator-columns.ts";
import type { IndicatorFile } from "../standard/indicator-file.ts";
import { inLanes, widthForTables } from "../store/lanes.ts";
import { QueryError } from "../store/query-error.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";
import { readByDelivery } from "./delivered-rows.ts";
import type { IndicatorGaps } from "./deliveries.ts";
import { readEvidenceNumbers } from "./evidence-columns.ts";
import { type NumberKind, shownNumber, sumOf, TYPE_OF } from "./figures.ts";
import { setPeriods } from "./periods.ts";
import type { Span } from "./span.ts";

const sql = sqlFile(import.meta.dirname, "measure.sql");
const judge = sqlFile(import.meta.dirname, "judge.sql");

/** A computation to be made: an indicator in a period. */
export interface Wanted {
  readonly span: Span;
  readonly fingerprint: string;
  /** Whether the indicator's sources delivered anything in the period's window. */
  readonly delivered: boolean;
}

/** Indicators that lack the very same periods, so that they can be judged together. */
export interface Batch {
  readonly spans: readonly Span[];
  readonly members: readonly {
    readonly indicator: IndicatorFile;
    /** Undefined where the sources deliver all that the indicator needs. */
    readonly gaps: IndicatorGaps | undefined;
    readonly wanted: readonly Wanted[];
  }[];
}

/**
 * Measures a batch: the evidence of each indicator is read once, added up by body and slot of time, and then all of
 * it is brought up to higher bodies, spread over the windows, judged and written, in one transaction.
 * Needs the temp tables measured_entity and measured_lineage, and the gaps laid out.
 * @param onRead called before each indicator is read
 * @returns the ids of indicators that met numbers which their own SQL cannot hold; those rows are left out
 * @throws Error naming the indicator whose evidence cannot be read, and why
 */
export async function measureBatch(
  store: Store,
  batch: Batch,
  lacking: LackingColumns,
  onRead: (indicator: IndicatorFile) => void,
): Promise<readonly string[]> {
  const overrun: string[] = [];
  await setPeriods(store, batch.spans);
  await store.script(sql("clear-batch"));
  await store.run(sql("fill-measured"), {
    measured: JSON.stringify(batch.members.flatMap(describe)),
  });
  await store.run(sql("fill-wanted"), {
    wanted: JSON.stringify(batch.members.flatMap(listWanted)),
  });
  await store.run(sql("make-scope"));
  await store.run(sql("make-rollup"));
  await inLanes(
    store,
    [...batch.members.entries()],
    (lane) => setPeriods(lane, batch.spans),
    async (lane, [number, { indicator, gaps }]) => {
      onRead(indicator);
      try {
        await readByDelivery(
          lane.store,
          indicator,
          gaps?.gaps ?? [],
          lacking,
          async (evidence) => {
            const whole = { ...indicator, sql: evidence };
            if (!(await readOrLeaveOut(lane.store, whole, number, batch.spans))) {
              overrun.push(indicator.id);
            }
          },
          (evidence) => countLeftOut(lane.store, indicator, evidence, number),
        );
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(
          `The indicator ${indicator.id} (${indicator.file}) cannot be measured: ${reason}`,
          { cause: error },
        );
      }
    },
    await widthForTables(store),
  );
  for (const kind of ["count", "amount", "figure"] as const) await spreadSums(store, kind);
  await store.run(judge("roll-up-left-out"));
  await store.run(judge("mark-seen"));
  await store.transaction(async () => {
    await store.run(judge("insert-computations"));
    await store.run(judge("insert-ratios", FIGURES));
    await store.run(judge("insert-categories", FIGURES));
    await store.run(judge("insert-medians", FIGURES));
    await store.run(judge("insert-items"));
    await store.run(judge("insert-lists"));
    await store.run(judge("insert-undelivered"), {
      gaps: JSON.stringify(batch.members.flatMap(listGaps)),
    });
  });
  await store.script(sql("drop-batch"));
  return overrun.sort();
}

/** How figures are added up and shown when all is judged. */
const FIGURES = {
  sum_numerator: sumOf("numerator", "figure"),
  sum_denominator: sumOf("denominator", "figure"),
  shown_numerator: shownNumber("numerator"),
  shown_denominator: shownNumber("denominator"),
  shown_top: shownNumber("top"),
  shown_bottom: shownNumber("bottom"),
  shown_middle: shownNumber("middle"),
};

/** Brings the sums of one kind of number up to higher bodies and into the windows that hold them. */
async function spreadSums(store: Store, kind: NumberKind): Promise<void> {
  const fragments = {
    portion: `portions.portion_${kind}`,
    type: TYPE_OF[kind],
    total: kind === "figure" ? "figure_total" : "total",
    total_type: TYPE_OF[kind === "figure" ? kind : "amount"],
    sum_numerator: sumOf("numerator", kind),
    sum_denominator: sumOf("denominator", kind),
  };
  await store.run(sql("spread-sums", fragments));
}

/** One row for each level of an indicator. */
function describe({ indicator }: Batch["members"][number], number: number) {
  const { id, aggregate, levels, rollup, minimum_sample, when_empty, scale } = indicator;
  return levels.map((level) => ({
    number,
    indicator_id: id,
    aggregate,
    level,
    rollup,
    minimum_sample,
    when_empty,
    scale,
  }));
}

function listWanted({ wanted }: Batch["members"][number], number: number) {
  return wanted.map(({ span, fingerprint, delivered }) => ({
    number,
    period: span.period,
    fingerprint,
    delivered,
  }));
}

/**
 * Reads an indicator's evidence; where one of its own casts cannot hold a number of the data, once more without failing on
 * it: such a row has no number then and is left out, counted. Says whether all could be held.
 */
async function readOrLeaveOut(...what: Parameters<typeof readIntoPortions>): Promise<boolean> {
  const [store, indicator, number, spans] = what;
  try {
    await readIntoPortions(store, indicator, number, spans);
    return true;
  } catch (error) {
    if (!isUnheld(error)) throw error;
    const lenient = indicator.sql.replace(/\bCAST\s*\(/gi, "TRY_CAST(");
    await readIntoPortions(store, { ...indicator, sql: lenient }, number, spans);
    return false;
  }
}

/** Whether DuckDB failed on a number and not on the statement. */
function isUnheld(error: unknown): boolean {
  return error instanceof QueryError && /^(?:Conversion|Out of Range)$/i.test(error.type);
}

/** What files of a source do not deliver of an indicator's columns; one row for each. */
function listGaps({ gaps }: Batch["members"][number], number: number) {
  return [...(gaps?.gaps ?? []), ...(gaps?.nowhere ?? [])].map(
    ({ source, column, reason, files }) => ({
      number,
      source_id: source,
      column_name: column,
      reason,
      files: files.length,
    }),
  );
}

/** Counts the evidence that is left out because its file lacks a column. */
async function countLeftOut(
  store: Store,
  indicator: IndicatorFile,
  evidence: string,
  number: number,
): Promise<void> {
  const reach = reachOf(indicator);
  await store.run(sql("count-left-out", { evidence, reach: sql(reach) }), { number });
}

function reachOf({ aggregate, evidence }: IndicatorFile): string {
  if (aggregate === "list") return "up-to-period";
  return evidence === "state" ? "of-period" : "in-window";
}

/** Reads an indicator's evidence, straight into sums: millions of rows are never kept. */
async function readIntoPortions(
  store: Store,
  indicator: IndicatorFile,
  number: number,
  spans: readonly Span[],
): Promise<void> {
  const evidence = indicator.sql;
  const numbers = await readEvidenceNumbers(store, indicator, sql("describe", { evidence }));
  const first = spans.map(({ window_start }) => window_start).reduce((a, b) => (a < b ? a : b));
  const last = spans.map(({ end }) => end).reduce((a, b) => (a > b ? a : b));
  if (indicator.aggregate === "list") {
    await store.run(sql("list-evidence", { evidence, disputed_on: numbers.disputedOn }), {
      number,
      last,
    });
    return;
  }
  const event = indicator.evidence === "event";
  const fragments = {
    evidence,
    numerator: numbers.numerator,
    denominator: numbers.denominator,
    sum_numerator: sumOf("numerator", numbers.kind),
    sum_denominator: sumOf("denominator", numbers.kind),
    portion: `portions.portion_${numbers.kind}`,
    ...(event ? placeEvents(spans) : PLACE_STATES),
  };
  const statement = indicator.aggregate === "median" ? "count-values" : "sum-evidence";
  await store.run(sql(statement, fragments), event ? { number, first, last } : { number });
}

/** How rows are told apart by time before they are added up. */
interface Placing {
  readonly slot: string;
  readonly within: string;
}

/** States say their period themselves. */
const PLACE_STATES: Placing = {
  slot: "own.slot",
  within: "JOIN period_slot own ON own.period = evidence.period AND own.slot < 0",
};

/** Events count by month, so that they are read once for all periods; a single period needs no months, which halves the work on millions of rows. */
function placeEvents(spans: readonly Span[]): Placing {
  const single = spans.length === 1;
  return {
    slot: single ? "0" : "CAST(year(occurred_on) * 12 + month(occurred_on) AS INTEGER)",
    within: "WHERE CAST(occurred_on AS DATE) BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)",
  };
}
