import { type Aggregation, type MeanRule, needsPositive } from "../standard/standard-methods.ts";
import { sumSorted } from "./sums.ts";

export function isMean(rule: Aggregation): rule is MeanRule {
  return MEANS.has(rule.method);
}

const MEANS: ReadonlySet<string> = new Set(["arithmetic", "geometric", "harmonic", "power"]);

/** The transformation φ of a mean and its inverse. */
export interface Transformed {
  readonly to: (score: number) => number;
  readonly back: (mean: number) => number;
}

const RECIPROCAL = { to: (score: number) => 1 / score, back: (mean: number) => 1 / mean };
const SAME = { to: (score: number) => score, back: (mean: number) => mean };

export function transformOf(rule: MeanRule): Transformed {
  switch (rule.method) {
    case "arithmetic":
      return SAME;
    case "geometric":
      return { to: Math.log, back: Math.exp };
    case "harmonic":
      return RECIPROCAL;
    case "power": {
      const { exponent } = rule;
      if (exponent === 0) return { to: Math.log, back: Math.exp };
      return { to: (score) => score ** exponent, back: (mean) => mean ** (1 / exponent) };
    }
  }
}

/** A child's score as it counts: not below the floor. */
export function raise(rule: MeanRule, score: number): number {
  const floor = rule.method === "arithmetic" ? undefined : rule.floor;
  return floor === undefined ? score : Math.max(floor, score);
}

/**
 * Weighted mean of the children that have a score, for all units at once; NaN where none has. Never outside the
 * children's range, whatever rounding does, and the same to the last bit in whatever order the children stand.
 * @param id of the node, for messages
 * @throws Error in a sentence when a score forbids the mean
 */
export function takeMean(
  rule: MeanRule,
  children: readonly Float64Array[],
  weights: readonly number[],
  out: Float64Array,
  id: string,
): void {
  const { to, back } = transformOf(rule);
  const plain = rule.method === "arithmetic";
  const positive = needsPositive(rule);
  const whole = sumSorted(Float64Array.from(weights));
  const terms = new Float64Array(children.length);
  const shares = new Float64Array(children.length);
  for (let unit = 0; unit < out.length; unit++) {
    let count = 0;
    let lowest = Number.POSITIVE_INFINITY;
    let highest = Number.NEGATIVE_INFINITY;
    for (let child = 0; child < children.length; child++) {
      const score = (children[child] as Float64Array)[unit] as number;
      if (Number.isNaN(score)) continue;
      const own = plain ? score : raise(rule, score);
      if (positive && own <= 0) throw new Error(undefinedMean(rule, id, own));
      const weight = weights[child] as number;
      terms[count] = plain ? weight * own : weight * to(own);
      shares[count++] = weight;
      if (own < lowest) lowest = own;
      if (own > highest) highest = own;
    }
    // Without a child, mean is 0 ÷ 0 and stays NaN.
    const sum = count === children.length ? whole : sumSorted(shares, count);
    const mean = sumSorted(terms, count) / sum;
    out[unit] = Math.min(highest, Math.max(lowest, plain ? mean : back(mean)));
  }
}

function undefinedMean({ method }: MeanRule, id: string, score: number): string {
  return `The ${method} mean of "${id}" is undefined: a child has the score ${score}, and it needs scores above 0. Give the node a floor, or its children a scale that starts above 0.`;
}
