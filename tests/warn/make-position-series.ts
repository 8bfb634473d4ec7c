import type { PositionSeries } from "../../src/standard/warning-definition.ts";

/** A series of the debt positions, but for what is given. */
export function makePositionSeries(given: Partial<PositionSeries>): PositionSeries {
  return {
    id: "ratio",
    from: "position",
    title: { zh: "比率", en: "Ratio" },
    unit: { zh: "%", en: "%" },
    worse: "higher",
    scope: "statutory",
    numerator: { stock: ["total_debt"] },
    scale: 1,
    forecast: false,
    ...given,
  };
}
