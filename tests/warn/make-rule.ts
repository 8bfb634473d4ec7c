import type { WarningRule } from "../../src/standard/warning-definition.ts";

/** A rule with the bands of the debt ratio, but for what is given. */
export function makeRule(given: Partial<WarningRule> = {}): WarningRule {
  return {
    id: "debt-ratio",
    series: "debt-ratio",
    title: { zh: "债务率", en: "Debt ratio" },
    bands: [
      { level: "yellow", from: 120, release: 115 },
      { level: "orange", from: 200, release: 190 },
      { level: "red", from: 300, release: 285 },
    ],
    persistence: 1,
    release_after: 1,
    hard: false,
    composite: true,
    ...given,
  } as WarningRule;
}
