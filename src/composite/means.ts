import { type Aggregation, type MeanRule, needsPositive } from "../standard/standard-methods.ts";

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

/** Where sums are gathered; used again by every node. */
export interface MeanBuffers {
  readonly weights: Float64Array;
  readonly lowest: Float64Array;
  readonly highest: Float64Array;
}

/**
 * Weighted mean of the children that have a score, for all units at once; NaN where none has. Never outside the
 * children's range, whatever rounding does.
 * @param id of the node, for messages
 * @throws Error in a sentence when a score forbids the mean
 */
export function takeMean(
  rule: MeanRule,
  children: readonly Float64Array[],
  weights: readonly number[],
  out: Float64Array,
  buffers: MeanBuffers,
  id: string,
): void {
  out.fill(0);
  buffers.weights.fill(0);
  buffers.lowest.fill(Number.POSITIVE_INFINITY);
  buffers.highest.fill(Number.NEGATIVE_INFINITY);
  const { back } = transformOf(rule);
  children.forEach((scores, place) => {
    const weight = weights[place] as number;
    if (rule.method === "arithmetic") addPlain(scores, weight, out, buffers);
    else addTransformed(rule, scores, weight, out, buffers, id);
  });
  const { weights: sums, lowest, highest } = buffers;
  const plain = rule.method === "arithmetic";
  for (let unit = 0; unit < out.length; unit++) {
    const mean = (out[unit] as number) / (sums[unit] as number);
    const value = plain ? mean : back(mean);
    // Without a child, mean is 0 ÷ 0 and stays NaN.
    out[unit] = Math.min(highest[unit] as number, Math.max(lowest[unit] as number, value));
  }
}

function addPlain(
  scores: Float64Array,
  weight: number,
  out: Float64Array,
  { weights, lowest, highest }: MeanBuffers,
): void {
  for (let unit = 0; unit < out.length; unit++) {
    const score = scores[unit] as number;
    if (Number.isNaN(score)) continue;
    weights[unit] = (weights[unit] as number) + weight;
    out[unit] = (out[unit] as number) + weight * score;
    if (score < (lowest[unit] as number)) lowest[unit] = score;
    if (score > (highest[unit] as number)) highest[unit] = score;
  }
}

function addTransformed(
  rule: MeanRule,
  scores: Float64Array,
  weight: number,
  out: Float64Array,
  { weights, lowest, highest }: MeanBuffers,
  id: string,
): void {
  const { to } = transformOf(rule);
  const positive = needsPositive(rule);
  for (let unit = 0; unit < out.length; unit++) {
    const score = scores[unit] as number;
    if (Number.isNaN(score)) continue;
    const own = raise(rule, score);
    if (positive && own <= 0) {
      throw new Error(
        `The ${rule.method} mean of "${id}" is undefined: a child has the score ${own}, and it needs scores above 0. Give the node a floor, or its children a scale that starts above 0.`,
      );
    }
    weights[unit] = (weights[unit] as number) + weight;
    out[unit] = (out[unit] as number) + weight * to(own);
    if (own < (lowest[unit] as number)) lowest[unit] = own;
    if (own > (highest[unit] as number)) highest[unit] = own;
  }
}
