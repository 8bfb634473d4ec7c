import type { EvaluationStandard } from "../standard/evaluation-standard.ts";
import type { LevelTree, TreeItem } from "./tree.ts";

/** What is known of an indicator of a body: its score, or why there is none. */
export interface LeafScore {
  /** 0 to 100, or NaN. */
  readonly score: number;
  readonly applicable: boolean;
}

/** One body's tree worked out; arrays are by position in the level's items, NaN where there is nothing. */
export interface ScoredTree {
  readonly score: Float64Array;
  /** Share of the applicable weight below the node that is assessed, 0 to 1. */
  readonly coverage: Float64Array;
  /** Share of the index the node carries after the weight of missing siblings went to it. */
  readonly share: Float64Array;
  /** Points the node's shortfall of 100 costs, as a multiple of its share; other than 1 only below geometric nodes. */
  readonly leverage: Float64Array;
  /** Weights below the node, in the standard's points. */
  readonly applicable: Float64Array;
  readonly assessed: Float64Array;
}

// Sums of weights such as 0.1 + 0.2 must not miss a threshold by their last bit.
const TOLERANCE = 1e-9;

/**
 * Works a tree out from its leaves. A node whose coverage is below the missing rule's minimum has no score,
 * and a node without a score hands its weight to its siblings.
 */
export function scoreTree(
  tree: LevelTree,
  leaves: (leaf: number) => LeafScore,
  missing: EvaluationStandard["missing"],
): ScoredTree {
  const blank = () => new Float64Array(tree.items.length).fill(Number.NaN);
  const result: ScoredTree = {
    score: blank(),
    coverage: blank(),
    share: blank(),
    leverage: blank(),
    applicable: new Float64Array(tree.items.length),
    assessed: new Float64Array(tree.items.length),
  };
  for (let position = tree.items.length - 1; position >= 0; position--) {
    const item = tree.items[position] as TreeItem;
    if (item.leaf >= 0) {
      const { score, applicable } = leaves(item.leaf);
      result.score[position] = score;
      const counts = applicable || missing.not_applicable === "missing";
      result.applicable[position] = counts ? item.weight : 0;
      result.assessed[position] = Number.isNaN(score) ? 0 : item.weight;
    } else {
      scoreNode(tree, position, item, result, missing.minimum_coverage);
    }
    const applicable = result.applicable[position] as number;
    result.coverage[position] =
      applicable > 0 ? Math.min(1, (result.assessed[position] as number) / applicable) : 0;
  }
  shareOut(tree, result);
  return result;
}

function scoreNode(
  tree: LevelTree,
  position: number,
  item: TreeItem,
  result: ScoredTree,
  minimumCoverage: number,
): void {
  let applicable = 0;
  let assessed = 0;
  for (const child of item.children) {
    applicable += result.applicable[child] as number;
    if (!Number.isNaN(result.score[child])) assessed += result.assessed[child] as number;
  }
  result.applicable[position] = applicable;
  result.assessed[position] = assessed;
  if (assessed > 0 && assessed >= minimumCoverage * applicable - TOLERANCE) {
    result.score[position] = average(tree, item, result.score);
  }
}

/** Weighted arithmetic or geometric mean of the children that have a score; never outside their range. */
function average(tree: LevelTree, item: TreeItem, score: Float64Array): number {
  let weights = 0;
  let sum = 0;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const child of item.children) {
    if (Number.isNaN(score[child])) continue;
    const own = raise(item, score[child] as number);
    const { weight } = tree.items[child] as TreeItem;
    weights += weight;
    sum += weight * (item.aggregation.method === "geometric" ? Math.log(own) : own);
    lowest = Math.min(lowest, own);
    highest = Math.max(highest, own);
  }
  const mean = sum / weights;
  const value = item.aggregation.method === "geometric" ? Math.exp(mean) : mean;
  return Math.min(highest, Math.max(lowest, value));
}

function raise(item: TreeItem, score: number): number {
  return item.aggregation.method === "geometric" ? Math.max(item.aggregation.floor, score) : score;
}

/**
 * Shares and leverages from the index down. An arithmetic node passes its children's shortfalls of 100 on as they are.
 * A geometric node G = Π xᵢ^wᵢ is split by the additive logarithmic mean Divisia index against 100:
 * 100 − G = Σ wᵢ · L(G, 100) · ln(100 / xᵢ), with L(a, b) = (a − b) / ln(a / b), which leaves no residual
 * (B. W. Ang, "The LMDI approach to decomposition analysis: a practical guide", Energy Policy 33 (2005) 867-871).
 */
function shareOut(tree: LevelTree, result: ScoredTree): void {
  const { score, share, leverage } = result;
  tree.items.forEach((item, position) => {
    if (Number.isNaN(score[position])) return;
    if (item.parent < 0) {
      share[position] = 1;
      leverage[position] = 1;
    }
    if (Number.isNaN(share[position]) || item.children.length === 0) return;
    const scored = item.children.filter((child) => !Number.isNaN(score[child]));
    const weights = scored.reduce((sum, child) => sum + (tree.items[child] as TreeItem).weight, 0);
    for (const child of scored) {
      const { weight } = tree.items[child] as TreeItem;
      share[child] = ((share[position] as number) * weight) / weights;
      leverage[child] =
        (leverage[position] as number) *
        costOfShortfall(item, score[child] as number, score[position] as number);
    }
  });
}

/** Points of the node lost per point its child falls short of 100, as a multiple of the child's weight. */
function costOfShortfall(item: TreeItem, child: number, node: number): number {
  if (item.aggregation.method !== "geometric") return 1;
  if (child === 100) return logarithmicMean(node) / 100;
  return (logarithmicMean(node) * logDistance(raise(item, child))) / (100 - child);
}

/** L(x, 100). */
function logarithmicMean(x: number): number {
  return x === 100 ? 100 : (100 - x) / logDistance(x);
}

/** ln(100 / x), exact near 100. */
function logDistance(x: number): number {
  return -Math.log1p((x - 100) / 100);
}
