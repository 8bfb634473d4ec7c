import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { Z80 } from "../findings.ts";
import { forecastSeries } from "../forecast/forecast.ts";
import { describeErrors, judgeErrors, noteError, openErrorSheet } from "./forecast-errors.ts";

const SERIES = [
  { column: "statutory_debt_balance_100m", name: "statutory debt (亿元)" },
  { column: "general_public_revenue_100m", name: "general public revenue (亿元)" },
  { column: "statutory_debt_to_general_revenue_pct", name: "debt to general revenue (%)" },
] as const;
const HORIZONS = [1, 2] as const;
/** Years known before a forecast is made. */
const LEAST_YEARS = 4;

/**
 * Forecasts of China's prefectures against the naive one. The panel records no default, so warnings cannot be tested on it.
 * @param folder that holds city_macro_fiscal.csv
 */
export function backtestPrefectures(folder: string): string {
  const rows: Record<string, string>[] = parse(
    readFileSync(join(folder, "city_macro_fiscal.csv")),
    {
      columns: true,
      bom: true,
    },
  );
  const sheets = SERIES.flatMap(({ column, name }) => {
    const cities = new Map<string, Map<number, number>>();
    for (const row of rows) {
      const value = Number(row[column]);
      if (!row[column] || !(value > 0)) continue;
      const years = cities.get(row.city_id as string) ?? new Map<number, number>();
      cities.set(row.city_id as string, years.set(Number(row.metric_year), value));
    }
    return HORIZONS.map((steps) => {
      const sheet = openErrorSheet(name, steps);
      for (const years of cities.values()) replay(years, steps, sheet);
      return sheet;
    });
  });
  return [describeErrors(sheets), "", judgeErrors(sheets)].join("\n");
}

function replay(
  years: ReadonlyMap<number, number>,
  steps: number,
  sheet: ReturnType<typeof openErrorSheet>,
): void {
  const first = Math.min(...years.keys());
  const last = Math.max(...years.keys());
  for (let origin = first + LEAST_YEARS - 1; origin + steps <= last; origin++) {
    const came = years.get(origin + steps);
    const points: number[] = [];
    for (let year = origin; years.has(year); year--) points.unshift(years.get(year) as number);
    if (came === undefined || points.length < LEAST_YEARS) continue;
    const forecast = forecastSeries(Float64Array.from(points), 2, 1);
    if (forecast) noteError(sheet, forecast, came, Z80);
  }
}
