import { aggregateNode } from "./aggregate.ts";
import { completeUnits, correlate, correlateAll, firstComponent } from "./correlate.ts";
import { type NodeScores, placeLeaves } from "./node-scores.ts";
import type { Panel } from "./panel.ts";
import type { Solver } from "./solver.ts";
import type { Specification } from "./specification.ts";
import { momentsOf } from "./sums.ts";
import { type LevelTree, type TreeItem, toPoints, weightsOf } from "./tree.ts";

/**
 * Weights of all items in points, by position: as given, or worked out from the scores where a node says so. Nodes are
 * weighed from the leaves up, each from its children's scores under the weights found below.
 * @param out room for the scores on the way; holds no result afterwards
 * @throws Error in a sentence when the scores leave a weighting undefined
 */
export function weigh(
  specification: Specification,
  panel: Panel,
  leaves: Float64Array,
  out: NodeScores,
): Float64Array {
  const { tree } = specification;
  const weights = weightsOf(tree);
  if (!tree.items.some(({ node }) => isFound(node?.weighting?.method))) return weights;
  placeLeaves(tree, panel, leaves, out);
  for (let position = tree.items.length - 1; position >= 0; position--) {
    const item = tree.items[position] as TreeItem;
    if (item.column >= 0) continue;
    weighChildren(item, out, weights);
    aggregateNode(specification, panel, position, weights, out);
  }
  return toPoints(tree.items, weights);
}

function isFound(method: string | undefined): boolean {
  return method !== undefined && method !== "given";
}

function weighChildren({ id, children, node }: TreeItem, out: NodeScores, weights: Float64Array) {
  const method = node?.weighting?.method ?? "given";
  const scores = children.map((child) => out.score[child] as Float64Array);
  const found = findWeights(method, id, scores, out.solver);
  found?.forEach((weight, place) => {
    weights[children[place] as number] = weight;
  });
}

type Method = "given" | "equal" | "principal_component" | "equal_influence";

function findWeights(
  method: Method,
  id: string,
  scores: readonly Float64Array[],
  solver: Solver | undefined,
): Float64Array | undefined {
  if (method === "given") return undefined;
  if (method === "equal" || scores.length === 1) return new Float64Array(scores.length).fill(1);
  const units = completeUnits(scores);
  const correlations = correlateAll(scores, units);
  if (units.length < 3 || correlations.some(Number.isNaN)) {
    throw new Error(
      `The weights below "${id}" cannot be found by ${method}: it needs three bodies with all scores, and scores that differ. Give the weights, or leave children without spread out.`,
    );
  }
  return method === "principal_component"
    ? weighByComponent(id, correlations, scores.length)
    : weighByInfluence(id, correlations, scores, units, solver);
}

/**
 * Squared loadings of the first principal component, which sum to 1 (OECD/JRC, Handbook on Constructing Composite
 * Indicators, 2008, 6.1).
 * @throws Error in a sentence when loadings have both signs: the component then sets children against each other
 */
function weighByComponent(id: string, correlations: Float64Array, count: number): Float64Array {
  const loadings = firstComponent(correlations, count);
  if (loadings.some((loading) => loading < -1e-9)) {
    throw new Error(
      `The weights below "${id}" cannot be found by principal_component: the first component has loadings of both signs, so some child would have a negative weight. Check directions, or give the weights.`,
    );
  }
  return loadings.map((loading) => loading * loading);
}

/**
 * Weights under which all children correlate with the node alike. With y = Σ vᵢ zᵢ over standardised scores, the
 * correlations are (R v)ᵢ ÷ sd(y); the v ≥ 0 with Σ v = 1 and the least vᵀRv has (R v)ᵢ equal for all children with a
 * weight, and larger for those it leaves without (the conditions of Karush, Kuhn and Tucker). The weights are vᵢ ÷ sdᵢ.
 */
function weighByInfluence(
  id: string,
  correlations: Float64Array,
  scores: readonly Float64Array[],
  units: Int32Array,
  solver: Solver | undefined,
): Float64Array {
  if (!solver) throw new Error(`The weights below "${id}" need a solver to be found.`);
  const found = solver.minimiseSpread(correlations, scores.length);
  return found.map((part, place) => {
    const column = scores[place] as Float64Array;
    const { deviation } = momentsOf(Float64Array.from(units, (unit) => column[unit] as number));
    // What the solver leaves of a weight at its bound is rounding.
    return part < 1e-9 ? 0 : part / deviation;
  });
}

/** What each item weighs in truth, by position. */
export interface EffectiveWeight {
  /** Share of the index: the product of its shares up the tree, 0 to 1. */
  readonly nominal: number;
  /** Correlation of its scores with the index's, over the units that have both. */
  readonly influence: number;
}

/** Nominal shares and influences: a weight says what an item ought to count, its correlation what it does. */
export function reportWeights(
  { items }: LevelTree,
  weights: Float64Array,
  { score }: NodeScores,
): EffectiveWeight[] {
  const points = toPoints(items, weights);
  const whole = points[0] as number;
  const index = score[0] as Float64Array;
  return items.map((_, position) => {
    const own = score[position] as Float64Array;
    const influence = correlate(own, index, completeUnits([own, index]));
    return { nominal: (points[position] as number) / whole, influence };
  });
}
