import type { Treatment } from "../standard/standard-methods.ts";
import { quantile } from "./order.ts";
import { columnOf, compare, gather, type Panel } from "./panel.ts";
import type { Specification } from "./specification.ts";
import { shapeOf } from "./sums.ts";
import { makeTransform } from "./transform.ts";

/** Shape of an indicator's values, and whether it is within the treatment's limits. */
export interface Shape {
  readonly passed: boolean;
  readonly skewness: number;
  readonly kurtosis: number;
}

/** What was done with an indicator's values among the bodies of one comparison. */
export interface TreatmentDecision {
  readonly column: number;
  /** A unit of the comparison. */
  readonly unit: number;
  readonly method: Treatment["method"];
  /** Shape as it was, after winsorising, after the transformation: as far as it came. */
  readonly shapes: readonly Shape[];
  /** Values that count as the next one inside. */
  readonly winsorised: number;
  /** The transformation taken. */
  readonly transformed?: string | undefined;
  /** Ends beyond which values count as the end. */
  readonly low: number;
  readonly high: number;
}

/** Treats outliers, in place, as each indicator's rule says. */
export function treat(
  { leaves }: Specification,
  panel: Panel,
  values: Float64Array,
): TreatmentDecision[] {
  const decisions: TreatmentDecision[] = [];
  leaves.forEach(({ id, treatment }, column) => {
    if (!treatment) return;
    const own = columnOf(panel, values, column);
    for (const { feeding, using } of compare(panel, treatment)) {
      const compared = gather(own, feeding);
      if (compared.length === 0) continue;
      const { apply, ...decision } = decide(treatment, compared, id);
      if (apply) for (const unit of using) own[unit] = apply(own[unit] as number);
      decisions.push({ column, unit: using[0] as number, method: treatment.method, ...decision });
    }
  });
  return decisions;
}

interface Plan extends Omit<TreatmentDecision, "column" | "unit" | "method"> {
  readonly apply?: (value: number) => number;
}

const OPEN = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

function decide(rule: Treatment, values: Float64Array, id: string): Plan {
  switch (rule.method) {
    case "winsorise": {
      const sorted = values.slice().sort();
      const [low, high] = [quantile(sorted, rule.low), quantile(sorted, rule.high)];
      // Both ends at one value would make all bodies alike, the worst and the best: then nothing is treated.
      if (low === high) return { shapes: [], winsorised: 0, ...OPEN };
      const winsorised = values.reduce((n, value) => n + (value < low || value > high ? 1 : 0), 0);
      return { apply: clampTo(low, high), shapes: [], winsorised, low, high };
    }
    case "transform": {
      const apply = makeTransform(rule.transform, values, id);
      return { apply, shapes: [], winsorised: 0, transformed: rule.transform.method, ...OPEN };
    }
    case "skew_kurtosis":
      return decideByShape(rule, values, id);
  }
}

type ByShape = Extract<Treatment, { method: "skew_kurtosis" }>;

/**
 * Two steps, each only while the shape is outside its limits: winsorising, then a transformation of the values as they were
 * (W. Becker et al., "COINr: An R package for developing composite indicators", J. Open Source Softw. 7 (2022) 4567).
 */
function decideByShape(rule: ByShape, values: Float64Array, id: string): Plan {
  const before = judge(rule, values);
  if (before.passed) return { shapes: [before], winsorised: 0, ...OPEN };
  const { count: winsorised, low, high } = winsoriseByShape(rule, values);
  const within = clampTo(low, high);
  const after = judge(rule, values.map(within));
  if (after.passed || !rule.otherwise) {
    return { apply: within, shapes: [before, after], winsorised, low, high };
  }
  const apply = makeTransform(rule.otherwise, values, id);
  const last = judge(rule, values.map(apply));
  const transformed = rule.otherwise.method;
  return { apply, shapes: [before, after, last], winsorised, transformed, ...OPEN };
}

/** Values without a shape (too few of them, or all alike) need no treatment. */
function judge(rule: ByShape, values: Float64Array): Shape {
  const { skewness, kurtosis } = shapeOf(values);
  const outside = Math.abs(skewness) >= rule.skewness && kurtosis >= rule.kurtosis;
  return { passed: !outside, skewness, kurtosis };
}

/**
 * Moves the outermost values in, at the end that the skewness points to, until the shape is within its limits or as many
 * values as allowed have moved. Values that are equal move together, so the limit can be passed by ties.
 */
function winsoriseByShape(rule: ByShape, values: Float64Array) {
  const sorted = values.slice().sort();
  const count = sorted.length;
  let highs = 0;
  let lows = 0;
  let shape = judge(rule, sorted);
  while (!shape.passed && highs + lows < rule.winsorise) {
    const end = shape.skewness >= 0 ? count - 1 : 0;
    const outermost = sorted[end] as number;
    const tied = sorted.reduce((n, value) => n + (value === outermost ? 1 : 0), 0);
    const next = sorted[end === 0 ? tied : end - tied];
    // What would make all values alike is no treatment of outliers.
    if (next === undefined || next === sorted[end === 0 ? count - 1 : 0]) break;
    if (end === 0) {
      lows = tied;
      sorted.fill(next, 0, lows);
    } else {
      highs = tied;
      sorted.fill(next, count - highs);
    }
    shape = judge(rule, sorted);
  }
  return { count: highs + lows, low: sorted[0] as number, high: sorted[count - 1] as number };
}

function clampTo(low: number, high: number): (value: number) => number {
  return (value) => Math.min(high, Math.max(low, value));
}
