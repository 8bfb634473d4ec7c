import { type Forecast, METHODS } from "../forecast/forecast.ts";
import { figure, markdownTable } from "./report.ts";

/** Forecasts of one step ahead and what came, gathered over units and origins. */
export interface ErrorSheet {
  readonly name: string;
  readonly steps: number;
  /** Absolute errors of the chosen method and of each method, by case. */
  readonly chosen: number[];
  readonly methods: number[][];
  /** Whether the value that came lay in the 80 % interval. */
  readonly inside: boolean[];
  readonly counts: Record<string, number>;
}

export function openErrorSheet(name: string, steps: number): ErrorSheet {
  return { name, steps, chosen: [], methods: METHODS.map(() => []), inside: [], counts: {} };
}

/** Notes one forecast against what came. */
export function noteError(
  sheet: ErrorSheet,
  forecast: Forecast,
  came: number,
  width: number,
): void {
  const at = sheet.steps - 1;
  const central = forecast.central[at] as number;
  sheet.chosen.push(Math.abs(came - central));
  const steps = forecast.central.length;
  METHODS.forEach((_, method) => {
    sheet.methods[method]?.push(
      Math.abs(came - (forecast.byMethod[method * steps + at] as number)),
    );
  });
  sheet.inside.push(Math.abs(came - central) <= width * (forecast.spread[at] as number));
  sheet.counts[forecast.method] = (sheet.counts[forecast.method] ?? 0) + 1;
}

/** Mean and median absolute errors beside the naive forecast's, how often the interval held, and what was chosen. */
export function describeErrors(sheets: readonly ErrorSheet[]): string {
  const mean = (list: readonly number[]) =>
    list.reduce((sum, value) => sum + value, 0) / list.length;
  const rows = sheets.map(({ name, steps, chosen, methods, inside, counts }) => {
    const naive = methods[METHODS.indexOf("naive")] as number[];
    const best = (["trend", "holt", "damped"] as const).map(
      (method) =>
        `${method} ${figure(mean(methods[METHODS.indexOf(method)] as number[]) / mean(naive), 2)}`,
    );
    const better = chosen.filter((error, at) => error < (naive[at] as number)).length;
    const worse = chosen.filter((error, at) => error > (naive[at] as number)).length;
    return [
      name,
      String(steps),
      String(chosen.length),
      figure(mean(naive), 2),
      figure(mean(chosen), 2),
      figure(mean(chosen) / mean(naive), 2),
      `${better} / ${worse}`,
      `${figure((100 * inside.filter(Boolean).length) / inside.length, 0)} %`,
      METHODS.filter((method) => counts[method])
        .map((method) => `${method} ${counts[method]}`)
        .join(", "),
      best.join(", "),
    ];
  });
  return markdownTable(
    [
      "series",
      "years ahead",
      "forecasts",
      "naive error",
      "chosen error",
      "chosen ÷ naive",
      "better / worse",
      "in the 80 % interval",
      "chosen methods",
      "each method alone ÷ naive",
    ],
    rows,
  );
}

/** Plain words on whether the chosen methods beat the naive forecast. */
export function judgeErrors(sheets: readonly ErrorSheet[]): string {
  return sheets
    .map(({ name, steps, chosen, methods }) => {
      const mean = (list: readonly number[]) =>
        list.reduce((sum, value) => sum + value, 0) / list.length;
      const ratio = mean(chosen) / mean(methods[0] as number[]);
      const verdict =
        ratio < 0.995
          ? "beats the naive forecast"
          : ratio > 1.005
            ? "does **not** beat the naive forecast"
            : "is level with the naive forecast";
      return `${name}, ${steps} year${steps > 1 ? "s" : ""} ahead: the chosen method ${verdict} (${figure(ratio, 2)}).`;
    })
    .join("  \n");
}
