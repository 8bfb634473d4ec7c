import type { Aggregation } from "../standard/standard-methods.ts";
import { sumSorted } from "./sums.ts";

/** Aggregations of one unit's scores that go by their order. */
export type OrderedRule = Extract<
  Aggregation,
  { method: "median" | "ordered" | "mazziotta_pareto" }
>;

export function isOrdered(rule: Aggregation): rule is OrderedRule {
  return (
    rule.method === "median" || rule.method === "ordered" || rule.method === "mazziotta_pareto"
  );
}

/** What a node makes of the scores of one unit: its own, and how much of it each child decides. */
export interface Judged {
  readonly score: number;
  /** By child: the weight with which its score enters, summing to 1. */
  readonly parts: Float64Array;
}

/**
 * Score of one unit from its children's, which all are there.
 * @param weights of the children, summing to more than 0
 * @param id of the node, for messages
 * @throws Error in a sentence when the scores forbid the method
 */
export function judgeUnit(
  rule: OrderedRule,
  scores: Float64Array,
  weights: Float64Array,
  id: string,
): Judged {
  switch (rule.method) {
    case "median":
      return takeMedian(scores, weights);
    case "ordered":
      return takeOrdered(rule, scores, weights);
    case "mazziotta_pareto":
      return takeMazziottaPareto(rule, scores, weights, id);
  }
}

/** Children that share a score: taken together, so that their order decides nothing. */
interface Run {
  readonly score: number;
  /** Sum of their weights, above 0. */
  readonly weight: number;
}

/** Runs of equal scores from the best down; children that weigh nothing have no part in them. */
function runsDown(scores: Float64Array, weights: Float64Array): Run[] {
  const distinct = new Set(scores.filter((_, child) => (weights[child] as number) > 0));
  return [...distinct]
    .sort((a, b) => b - a)
    .map((score) => ({
      score,
      weight: sumSorted(weights.filter((_, child) => scores[child] === score)),
    }));
}

function totalOf(runs: readonly Run[]): number {
  return sumSorted(Float64Array.from(runs, ({ weight }) => weight));
}

/** Relative closeness at which a running sum of weights counts as one half. */
const HALF = 1e-12;

/**
 * Weighted median: the score at which the weights from below reach one half; the mean of two scores when one half falls
 * between them.
 */
function takeMedian(scores: Float64Array, weights: Float64Array): Judged {
  const runs = runsDown(scores, weights).reverse();
  const total = totalOf(runs);
  let below = 0;
  const parts = new Float64Array(scores.length);
  for (const [place, run] of runs.entries()) {
    below += run.weight;
    const half = below / total - 0.5;
    if (half < -HALF) continue;
    const next = runs[place + 1];
    const middle = half <= HALF && next ? [run, next] : [run];
    for (const one of middle) shareAmong(scores, weights, one, 1 / middle.length, parts);
    return { score: middle.reduce((sum, { score }) => sum + score, 0) / middle.length, parts };
  }
  return { score: Number.NaN, parts };
}

/** Gives a part to all children with a score, by their weights. */
function shareAmong(
  scores: Float64Array,
  weights: Float64Array,
  { score, weight }: Run,
  part: number,
  parts: Float64Array,
): void {
  scores.forEach((own, child) => {
    if (own !== score) return;
    parts[child] = (parts[child] as number) + (part * (weights[child] as number)) / weight;
  });
}

/**
 * Ordered weighted average with importances: the child at place i from the best down enters with Q(Sᵢ) − Q(Sᵢ₋₁), where S
 * sums the children's shares of the weight and Q is r^exponent, or runs linearly through the cumulated `weights`. With
 * equal importances and as many weights as children, these are the weights themselves.
 * R. R. Yager, "Quantifier guided aggregation using OWA operators", Int. J. Intell. Syst. 11 (1996) 49-73.
 */
function takeOrdered(
  rule: Extract<OrderedRule, { method: "ordered" }>,
  scores: Float64Array,
  weights: Float64Array,
): Judged {
  const runs = runsDown(scores, weights);
  const total = totalOf(runs);
  const quantifier = makeQuantifier(rule);
  const parts = new Float64Array(scores.length);
  let importance = 0;
  let score = 0;
  runs.forEach((run, place) => {
    const from = quantifier(importance / total);
    importance += run.weight;
    const to = place === runs.length - 1 ? 1 : quantifier(importance / total);
    shareAmong(scores, weights, run, to - from, parts);
    score += (to - from) * run.score;
  });
  const [best, worst] = [runs[0]?.score as number, runs.at(-1)?.score as number];
  return { score: Math.min(best, Math.max(worst, score)), parts };
}

function makeQuantifier(
  rule: Extract<OrderedRule, { method: "ordered" }>,
): (share: number) => number {
  const { weights, exponent = 1 } = rule;
  if (!weights) return (share) => share ** exponent;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const cumulated = [0];
  for (const weight of weights) cumulated.push((cumulated.at(-1) as number) + weight / total);
  return (share) => {
    const position = Math.min(1, Math.max(0, share)) * weights.length;
    // A sum of shares may miss a whole number by its last bits.
    const whole =
      Math.abs(position - Math.round(position)) < 1e-9 ? Math.round(position) : position;
    const below = cumulated[Math.floor(whole)] as number;
    const above = cumulated[Math.ceil(whole)] as number;
    return below + (above - below) * (whole - Math.floor(whole));
  };
}

/**
 * Mean ± standard deviation × coefficient of variation, over the children's scores (population, weighted):
 * M. Mazziotta, A. Pareto, "On a generalized non-compensatory composite index for measuring socio-economic phenomena",
 * Social Indicators Research 127 (2016) 983-1003.
 */
function takeMazziottaPareto(
  { penalty }: Extract<OrderedRule, { method: "mazziotta_pareto" }>,
  scores: Float64Array,
  weights: Float64Array,
  id: string,
): Judged {
  const total = sumSorted(weights.slice());
  const parts = weights.map((weight) => weight / total);
  const mean = sumSorted(parts.map((part, child) => part * (scores[child] as number)));
  const variance = sumSorted(
    parts.map((part, child) => part * ((scores[child] as number) - mean) ** 2),
  );
  if (!(mean > 0) && variance > 0) {
    throw new Error(
      `The Mazziotta-Pareto index of "${id}" is undefined: the mean of its children is ${mean}, and it divides by it. Lay the children on a scale above 0, as a z-score with mean 100 and deviation 10.`,
    );
  }
  const imbalance = variance === 0 ? 0 : variance / mean;
  return { score: penalty === "negative" ? mean - imbalance : mean + imbalance, parts };
}
