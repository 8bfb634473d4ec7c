import type { Period } from "../period.ts";
import type { ChangeSeries, WarningDefinition } from "../standard/warning-definition.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";
import type {
  Body,
  BodyForecast,
  PeriodSeries,
  StressedValue,
  WarningEvidence,
} from "./evidence.ts";
import { forecastSeries } from "./forecast/forecast.ts";
import { takeNativePoints } from "./forecast/native-points.ts";
import { type MonthGrid, makeGrid, PERIOD_MONTHS, periodIds } from "./grid.ts";
import {
  computeSeries,
  type Figures,
  gatherFigures,
  listColumns,
  type MonthlySeries,
  shockFigures,
} from "./position-series.ts";
import { readPositions } from "./positions.ts";

const sql = sqlFile(import.meta.dirname, "positions.sql");

/** Steps to the end of the four quarters ahead, by months between points; a yearly series is carried a second year. */
const STEPS = { 1: 12, 3: 4, 12: 2 } as const;

/**
 * The series, forecasts and stressed values of bodies, from the debt positions known at the session's as-of time.
 * @param bodies in the order of their places
 * @returns undefined when nothing is known of any of them
 */
export async function readDebtEvidence(
  store: Store,
  definition: WarningDefinition,
  bodies: readonly Body[],
  period: Period,
): Promise<WarningEvidence | undefined> {
  await store.run(sql("create-wanted"), {
    rows: JSON.stringify(bodies.map(({ id }, place) => ({ place, entity_id: id }))),
  });
  const rows = await readPositions(store, listColumns(definition), period.end);
  if (rows.length === 0) return undefined;
  const firstMonth = rows.month.reduce(
    (least, month) => Math.min(least, month),
    Number.MAX_SAFE_INTEGER,
  );
  const grid = makeGrid(firstMonth, period);
  const figures = gatherFigures(rows, bodies.length, grid);
  const monthly = new Map<string, MonthlySeries>();
  const series = new Map<string, PeriodSeries>();
  for (const one of definition.series) {
    if (one.from === "position") {
      const computed = computeSeries(one, figures);
      monthly.set(one.id, computed);
      series.set(one.id, {
        definition: one,
        ...wholeRows(bodies.length),
        values: samplePeriods(computed.values, grid, period),
        numerator: samplePeriods(computed.numerator, grid, period),
        denominator: computed.denominator && samplePeriods(computed.denominator, grid, period),
      });
    } else if (one.from === "change") {
      series.set(
        one.id,
        computeChange(one, series.get(one.of) as PeriodSeries, bodies.length, period),
      );
    }
  }
  return {
    bodies,
    periods: periodIds(grid, period.frequency),
    series,
    forecasts: makeForecasts(definition, monthly, bodies.length, grid),
    stress: applyScenarios(definition, figures, monthly, grid),
  };
}

function wholeRows(count: number) {
  return {
    bodies: Int32Array.from({ length: count }, (_, at) => at),
    parts: new Array<string>(count).fill(""),
  };
}

/** The values at the periods' last months. */
function samplePeriods(
  months: Float64Array,
  { count }: MonthGrid,
  { frequency }: Period,
): Float64Array {
  const step = PERIOD_MONTHS[frequency];
  if (step === 1) return months;
  const periods = count / step;
  const bodies = months.length / count;
  return Float64Array.from({ length: bodies * periods }, (_, at) => {
    const body = Math.floor(at / periods);
    return months[body * count + ((at % periods) + 1) * step - 1] as number;
  });
}

function computeChange(
  definition: ChangeSeries,
  of: PeriodSeries,
  bodies: number,
  { frequency }: Period,
): PeriodSeries {
  const back = Math.max(1, Math.round(definition.months / PERIOD_MONTHS[frequency]));
  const count = of.values.length / bodies;
  const values = new Float64Array(of.values.length).fill(Number.NaN);
  for (let start = 0; start < values.length; start += count) {
    for (let at = start + back; at < start + count; at++) {
      const now = of.values[at] as number;
      const before = of.values[at - back] as number;
      if (definition.as === "points") values[at] = now - before;
      else if (before > 0) values[at] = (now / before - 1) * 100;
    }
  }
  return {
    definition,
    bodies: of.bodies,
    parts: of.parts,
    values,
    numerator: undefined,
    denominator: undefined,
  };
}

function makeForecasts(
  definition: WarningDefinition,
  monthly: ReadonlyMap<string, MonthlySeries>,
  bodies: number,
  { first, count }: MonthGrid,
): BodyForecast[] {
  const made: BodyForecast[] = [];
  for (const one of definition.series) {
    if (one.from !== "position" || !one.forecast) continue;
    const { values, reported } = monthly.get(one.id) as MonthlySeries;
    for (let body = 0; body < bodies; body++) {
      const start = body * count;
      const native = takeNativePoints(
        values.subarray(start, start + count),
        reported.subarray(start, start + count),
        24,
      );
      if (!native) continue;
      const forecast = forecastSeries(native.points, STEPS[native.step], 12 / native.step);
      if (forecast)
        made.push({ body, series: one.id, native, forecast, lastMonth: first + native.last });
    }
  }
  return made;
}

function applyScenarios(
  definition: WarningDefinition,
  figures: Figures,
  monthly: ReadonlyMap<string, MonthlySeries>,
  { count }: MonthGrid,
): StressedValue[] {
  const stressed: StressedValue[] = [];
  for (const scenario of definition.scenarios) {
    const shocked = shockFigures(figures, scenario, count - 1, count);
    for (const one of definition.series) {
      if (one.from !== "position") continue;
      const { values } = computeSeries(one, shocked);
      const before = (monthly.get(one.id) as MonthlySeries).values;
      values.forEach((value, body) => {
        const baseline = before[body * count + count - 1] as number;
        if (Number.isNaN(value) || Number.isNaN(baseline) || value === baseline) return;
        stressed.push({ body, scenario: scenario.id, series: one.id, value, baseline });
      });
    }
  }
  return stressed;
}
