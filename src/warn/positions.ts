import { tableFromIPC } from "apache-arrow";
import type { PositionColumn } from "../standard/warning-columns.ts";
import { readArrow } from "../store/arrow.ts";
import { quoteIdentifier, sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";
import type { MonthGrid } from "./grid.ts";

const sql = sqlFile(import.meta.dirname, "positions.sql");

export type Scope = "statutory" | "with_hidden";

/** Debt positions as columns: row r is of body `place[r]`, month `month[r]`, span 0 month, 1 quarter, 2 year. */
export interface PositionRows {
  readonly length: number;
  readonly place: Int32Array;
  readonly month: Int32Array;
  readonly span: Int32Array;
  /** 0 statutory, 1 with hidden debt. */
  readonly scope: Int32Array;
  /** Yuan (or the currency's unit); NaN where not reported. */
  readonly columns: ReadonlyMap<PositionColumn, Float64Array>;
}

/**
 * Reads the debt positions known of the bodies in the table warn_wanted.
 * @param end ISO day: positions after it are left out
 */
export async function readPositions(
  store: Store,
  columns: readonly PositionColumn[],
  end: string,
): Promise<PositionRows> {
  const list = columns.map((name) => {
    const column = quoteIdentifier(name);
    return `coalesce(CAST(${column} AS DOUBLE), CAST('nan' AS DOUBLE)) AS ${column}`;
  });
  const table = tableFromIPC(
    await readArrow(store, sql("read-position", { columns: list.join(", ") }), {
      parameters: { end },
    }),
  );
  const read = (name: string) => table.getChild(name)?.toArray();
  return {
    length: table.numRows,
    place: read("place"),
    month: read("month"),
    span: read("span"),
    scope: read("scope"),
    columns: new Map(columns.map((name) => [name, read(name)])),
  };
}

/** Months after which a stock no longer stands for the present. */
const STOCK_MONTHS = 18;
/** Months after which the newest year no longer stands for the present. */
const YEAR_MONTHS = 24;

/** Values of a column over bodies × months, and where they were reported anew. */
export interface Filled {
  readonly values: Float64Array;
  readonly reported: Uint8Array;
}

/** The newest figure at each month's end; NaN before the first, and once the last is too old. */
export function fillStock(
  rows: PositionRows,
  column: PositionColumn,
  scope: Scope,
  bodies: number,
  grid: MonthGrid,
): Filled {
  const { values, reported } = place(rows, column, scope, bodies, grid, undefined);
  for (let body = 0; body < bodies; body++) {
    let newest = Number.NaN;
    let age = 0;
    for (let at = body * grid.count; at < (body + 1) * grid.count; at++) {
      age++;
      if (reported[at]) {
        newest = values[at] as number;
        age = 0;
      }
      values[at] = age < STOCK_MONTHS ? newest : Number.NaN;
    }
  }
  return { values, reported };
}

/**
 * What flowed in the twelve months up to each month's end: the sum of twelve months where all are there, else of the newest
 * four quarters in a row, else the newest year's figure of at most two years ago.
 */
export function fillYear(
  rows: PositionRows,
  column: PositionColumn,
  scope: Scope,
  bodies: number,
  grid: MonthGrid,
): Filled {
  const spans = [0, 1, 2].map((span) => place(rows, column, scope, bodies, grid, span));
  const [month, quarter, year] = spans as [Filled, Filled, Filled];
  const values = new Float64Array(bodies * grid.count).fill(Number.NaN);
  const reported = new Uint8Array(values.length);
  for (let body = 0; body < bodies; body++) {
    const start = body * grid.count;
    let run = 0;
    let lastQuarter = Number.NaN;
    let quarterAge = Number.POSITIVE_INFINITY;
    let lastYear = Number.NaN;
    let yearAge = Number.POSITIVE_INFINITY;
    for (let at = start; at < start + grid.count; at++) {
      run = month.reported[at] ? run + 1 : 0;
      quarterAge++;
      yearAge++;
      if (quarter.reported[at]) {
        lastQuarter = sumBack(quarter, at, start, 3, 4);
        quarterAge = 0;
      }
      if (year.reported[at]) {
        lastYear = year.values[at] as number;
        yearAge = 0;
      }
      if (run >= 12) {
        values[at] = sumBack(month, at, start, 1, 12);
        reported[at] = 1;
      } else if (quarterAge < 3 && !Number.isNaN(lastQuarter)) {
        values[at] = lastQuarter;
        reported[at] = quarterAge === 0 ? 1 : 0;
      } else if (yearAge < YEAR_MONTHS) {
        values[at] = lastYear;
        reported[at] = yearAge === 0 ? 1 : 0;
      }
    }
  }
  return { values, reported };
}

/** Sum of `count` values `step` months apart, ending at `at`; NaN when one is not reported. */
function sumBack(
  { values, reported }: Filled,
  at: number,
  start: number,
  step: number,
  count: number,
): number {
  let sum = 0;
  for (let back = 0; back < count; back++) {
    const from = at - back * step;
    if (from < start || !reported[from]) return Number.NaN;
    sum += values[from] as number;
  }
  return sum;
}

/** Puts a column's reported figures on the grid; a later row of the same month counts. */
function place(
  rows: PositionRows,
  column: PositionColumn,
  scope: Scope,
  bodies: number,
  grid: MonthGrid,
  span: number | undefined,
): Filled {
  const values = new Float64Array(bodies * grid.count).fill(Number.NaN);
  const reported = new Uint8Array(values.length);
  const source = rows.columns.get(column);
  if (!source) throw new Error(`The column ${column} was not read.`);
  const wanted = scope === "with_hidden" ? 1 : 0;
  for (let row = 0; row < rows.length; row++) {
    if (rows.scope[row] !== wanted || (span !== undefined && rows.span[row] !== span)) continue;
    const value = source[row] as number;
    const month = (rows.month[row] as number) - grid.first;
    if (Number.isNaN(value) || month < 0 || month >= grid.count) continue;
    const at = (rows.place[row] as number) * grid.count + month;
    values[at] = value;
    reported[at] = 1;
  }
  return { values, reported };
}
