import {
  areaUnderCurve,
  confuse,
  falseAlarmRate,
  noiseToSignal,
  precision,
  recall,
  usefulness,
} from "./metrics.ts";

/** A way to warn: a score for each case, and the threshold set beforehand from which it warns. */
export interface Contestant {
  readonly name: string;
  readonly scores: readonly number[];
  /** One threshold, or one for each case. */
  readonly thresholds: number | readonly number[];
  readonly leads?: readonly number[];
}

/** Weight of a missed onset against a false alarm: missing one is what an early warning is there to avoid. */
export const THETA = 0.5;

export const METRIC_COLUMNS = [
  "AUROC",
  "precision",
  "recall",
  "false alarms",
  "noise/signal",
  "usefulness",
] as const;

/** The figures of one way to warn, as cells of a table. */
export function measureContestant(
  { scores, thresholds }: Contestant,
  came: readonly boolean[],
): string[] {
  const warned = scores.map(
    (score, at) =>
      score >= (typeof thresholds === "number" ? thresholds : (thresholds[at] as number)),
  );
  const confusion = confuse(warned, came);
  return [
    figure(areaUnderCurve(scores, came), 3),
    figure(precision(confusion), 3),
    figure(recall(confusion), 3),
    figure(falseAlarmRate(confusion), 3),
    figure(noiseToSignal(confusion), 3),
    figure(usefulness(confusion, THETA), 3),
  ];
}

/** A number of so many decimals, or a dash where there is none. */
export function figure(value: number | undefined, decimals: number): string {
  return value === undefined || !Number.isFinite(value) ? "–" : value.toFixed(decimals);
}

/** A Markdown table. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  return [
    `| ${head.join(" | ")} |`,
    `|${head.map((_, at) => (at === 0 ? "---" : "---:")).join("|")}|`,
    ...rows.map((row) => `| ${row.join(" | ")} |`),
  ].join("\n");
}

/** A generator of evenly spread numbers in [0, 1) from a seed (mulberry32), so that a resampling can be repeated. */
export function seededNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * By how much one score's AUROC is above another's, with the middle 95 % of resamplings of whole units (so that a unit's
 * years stay together).
 */
export function compareCurves(
  better: readonly number[],
  other: readonly number[],
  came: readonly boolean[],
  units: readonly string[],
  resamplings = 400,
): { readonly gain: number; readonly low: number; readonly high: number } {
  const places = new Map<string, number[]>();
  units.forEach((unit, at) => {
    places.set(unit, [...(places.get(unit) ?? []), at]);
  });
  const groups = [...places.values()];
  const next = seededNumbers(2018);
  const gains: number[] = [];
  for (let round = 0; round < resamplings; round++) {
    const drawn = groups.flatMap(() => groups[Math.floor(next() * groups.length)] as number[]);
    const take = <T>(list: readonly T[]) => drawn.map((at) => list[at] as T);
    const outcomes = take(came);
    const gain = areaUnderCurve(take(better), outcomes) - areaUnderCurve(take(other), outcomes);
    if (!Number.isNaN(gain)) gains.push(gain);
  }
  gains.sort((a, b) => a - b);
  const at = (share: number) =>
    gains[Math.min(gains.length - 1, Math.floor(share * gains.length))] as number;
  return {
    gain: areaUnderCurve(better, came) - areaUnderCurve(other, came),
    low: at(0.025),
    high: at(0.975),
  };
}
