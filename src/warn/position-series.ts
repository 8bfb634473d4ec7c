import type { PositionColumn } from "../standard/warning-columns.ts";
import { STOCKS } from "../standard/warning-columns.ts";
import type {
  PositionSeries,
  Scenario,
  Term,
  WarningDefinition,
} from "../standard/warning-definition.ts";
import type { MonthGrid } from "./grid.ts";
import { type Filled, fillStock, fillYear, type PositionRows, type Scope } from "./positions.ts";

/** A series of every body over the months of a grid; row b × count + m. */
export interface MonthlySeries {
  readonly values: Float64Array;
  readonly numerator: Float64Array;
  readonly denominator: Float64Array | undefined;
  /** Months in which the numerator was reported anew. */
  readonly reported: Uint8Array;
}

/** Figures by column and scope, filled once and shared by all series. */
export type Figures = (column: PositionColumn, scope: Scope) => Filled;

const STOCK_COLUMNS: ReadonlySet<string> = new Set(STOCKS);

/** Columns that the series and scenarios of a definition read. */
export function listColumns({ series, scenarios }: WarningDefinition): PositionColumn[] {
  const columns = new Set<PositionColumn>();
  for (const one of series) {
    if (one.from !== "position") continue;
    for (const term of [one.numerator, one.denominator]) {
      for (const column of term ? columnsOf(term) : []) columns.add(column);
    }
  }
  for (const { shocks } of scenarios) {
    for (const { column, add, or_add } of shocks) {
      columns.add(column);
      for (const other of Object.keys({ ...add, ...or_add })) columns.add(other as PositionColumn);
    }
  }
  return [...columns].sort();
}

function columnsOf(term: Term): PositionColumn[] {
  const first: readonly PositionColumn[] = "stock" in term ? term.stock : term.year;
  return [...first, ...(term.or ?? []), ...(term.less ?? [])];
}

/** Reads each column on demand and keeps it. */
export function gatherFigures(rows: PositionRows, bodies: number, grid: MonthGrid): Figures {
  const held = new Map<string, Filled>();
  return (column, scope) => {
    const key = `${scope} ${column}`;
    const found = held.get(key);
    if (found) return found;
    const fill = STOCK_COLUMNS.has(column) ? fillStock : fillYear;
    const filled = fill(rows, column, scope, bodies, grid);
    held.set(key, filled);
    return filled;
  };
}

/** Numerator ÷ denominator × scale wherever both are known and the denominator is positive. */
export function computeSeries(series: PositionSeries, figures: Figures): MonthlySeries {
  const numerator = addUp(series.numerator, series.scope, figures);
  const denominator = series.denominator
    ? addUp(series.denominator, series.scope, figures)
    : undefined;
  const values = new Float64Array(numerator.values.length);
  for (let at = 0; at < values.length; at++) {
    const top = (numerator.values[at] as number) * series.scale;
    const bottom = denominator ? (denominator.values[at] as number) : 1;
    values[at] = bottom > 0 ? top / bottom : Number.NaN;
  }
  return {
    values,
    numerator: numerator.values,
    denominator: denominator?.values,
    reported: numerator.reported,
  };
}

function addUp(term: Term, scope: Scope, figures: Figures): Filled {
  const first: readonly PositionColumn[] = "stock" in term ? term.stock : term.year;
  const whole = sumColumns(first, scope, figures);
  if (term.or) {
    const parts = sumColumns(term.or, scope, figures);
    for (let at = 0; at < whole.values.length; at++) {
      if (!Number.isNaN(whole.values[at])) continue;
      whole.values[at] = parts.values[at] as number;
      whole.reported[at] = parts.reported[at] as number;
    }
  }
  for (const column of term.less ?? []) {
    const { values } = figures(column, scope);
    for (let at = 0; at < values.length; at++) {
      const value = values[at] as number;
      if (!Number.isNaN(value)) whole.values[at] = (whole.values[at] as number) - value;
    }
  }
  return whole;
}

/** The columns' sum, unknown where one is; reported anew wherever one is. */
function sumColumns(columns: readonly PositionColumn[], scope: Scope, figures: Figures): Filled {
  const [first, ...rest] = columns.map((column) => figures(column, scope)) as [Filled, ...Filled[]];
  const values = first.values.slice();
  const reported = first.reported.slice();
  for (const part of rest) {
    for (let at = 0; at < values.length; at++) {
      values[at] = (values[at] as number) + (part.values[at] as number);
      reported[at] = (reported[at] as number) | (part.reported[at] as number);
    }
  }
  return { values, reported };
}

/**
 * The figures of the last month under a scenario: each shocked column times its factor, plus the given shares of other
 * columns as they were before any shock. A column that is not known stays unknown.
 */
export function shockFigures(
  figures: Figures,
  { shocks }: Scenario,
  last: number,
  count: number,
): Figures {
  const held = new Map<string, Filled>();
  return (column, scope) => {
    const key = `${scope} ${column}`;
    const found = held.get(key);
    if (found) return found;
    const base = figures(column, scope);
    const bodies = base.values.length / count;
    const values = Float64Array.from(
      { length: bodies },
      (_, body) => base.values[body * count + last] as number,
    );
    for (const shock of shocks.filter((one) => one.column === column)) {
      values.forEach((value, body) => {
        const added = addShares(figures, scope, shock.add, body * count + last);
        const other = shock.or_add
          ? addShares(figures, scope, shock.or_add, body * count + last)
          : 0;
        values[body] =
          value * shock.times + (Number.isNaN(added) ? (Number.isNaN(other) ? 0 : other) : added);
      });
    }
    const shocked = { values, reported: new Uint8Array(bodies) };
    held.set(key, shocked);
    return shocked;
  };
}

function addShares(
  figures: Figures,
  scope: Scope,
  shares: Readonly<Partial<Record<PositionColumn, number>>>,
  at: number,
): number {
  let sum = 0;
  for (const [column, share] of Object.entries(shares)) {
    sum += share * (figures(column as PositionColumn, scope).values[at] as number);
  }
  return sum;
}
