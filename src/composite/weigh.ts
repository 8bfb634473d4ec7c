import type { Weighting } from "../standard/standard-methods.ts";
import { aggregateNode } from "./aggregate.ts";
import { completeUnits, correlate, correlateAll, firstComponent } from "./correlate.ts";
import { type NodeScores, placeLeaves } from "./node-scores.ts";
import { orderColumns } from "./order.ts";
import type { Panel } from "./panel.ts";
import type { Solver } from "./solver.ts";
import type { Specification } from "./specification.ts";
import { momentsOf, sumSorted } from "./sums.ts";
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
  const rule = node?.weighting ?? { method: "given" };
  if (rule.method === "given") return;
  const scores = children.map((child) => out.score[child] as Float64Array);
  const names = children.map((child) => out.ids[child] as string);
  const found = findWeights(rule, { id, names }, scores, out.solver);
  refuseWeightless(rule, { id, names }, found);
  found.forEach((weight, place) => {
    weights[children[place] as number] = weight;
  });
}

interface Named {
  readonly id: string;
  /** Of the children. */
  readonly names: readonly string[];
}

function findWeights(
  rule: Exclude<Weighting, { method: "given" }>,
  { id, names }: Named,
  scores: readonly Float64Array[],
  solver: Solver | undefined,
): Float64Array {
  if (rule.method === "equal" || scores.length === 1) {
    return new Float64Array(scores.length).fill(1);
  }
  const units = completeUnits(scores);
  // The last bits of what follows go by the order of the columns, which must not be that of the standard's lines.
  const order = orderColumns(scores, names, units);
  const columns = order.map((place) => scores[place] as Float64Array);
  const correlations = correlateAll(columns, units);
  if (units.length < 3 || correlations.some(Number.isNaN)) {
    throw new Error(
      `The weights below "${id}" cannot be found by ${rule.method}: it needs three bodies with all scores, and scores that differ. Give the weights, or leave children without spread out.`,
    );
  }
  const found =
    rule.method === "principal_component"
      ? weighByComponent(id, correlations, columns.length)
      : weighByInfluence({ id, rule }, correlations, columns, units, solver);
  const weights = new Float64Array(scores.length);
  order.forEach((place, at) => {
    weights[place] = found[at] as number;
  });
  return weights;
}

/** Least share of its node's weight that counts as one: what the solver leaves of a weight at its bound is less. */
const LEAST = 1e-9;

/**
 * A child without a weight has no say in its node and would be published as if it did not apply to anybody: the standard
 * has to say what it means instead.
 */
function refuseWeightless(rule: Weighting, { id, names }: Named, found: Float64Array): void {
  const total = sumSorted(found.slice());
  const left = names.filter((_, place) => !((found[place] as number) > LEAST * total));
  if (left.length === 0) return;
  const list = left.map((name) => `"${name}"`).join(", ");
  if (rule.method === "equal_influence") {
    throw new Error(
      `按equal_influence给“${id}”的下级定权，会使${left.join("、")}的权重为0：它们与其他下级的联系太强，只有负权重才能使各项影响相等。请写minimum_share（如0.05）给每项一个最小份额，或改用给定的权重，或去掉这些项。The weights below "${id}" cannot be found by equal_influence: ${list} would weigh 0, for only a negative weight would make its influence that of the others. Give "minimum_share" (such as 0.05), which keeps a share for each child, or give the weights, or leave these children out.`,
    );
  }
  throw new Error(
    `按${rule.method}给“${id}”的下级定权，会使${left.join("、")}的权重为0：它们与第一主成分无关。请给定权重，或去掉这些项。The weights below "${id}" cannot be found by ${rule.method}: ${list} would weigh 0, having no part in the first component. Give the weights, or leave these children out.`,
  );
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
 * correlations are (R v)ᵢ ÷ sd(y); the v ≥ m with Σ v = 1 and the least vᵀRv has (R v)ᵢ equal for all children with a
 * weight above m, and larger for those it leaves at m, the rule's `minimum_share`, or 0 without one (the conditions of
 * Karush, Kuhn and Tucker). The weights are vᵢ ÷ sdᵢ.
 */
function weighByInfluence(
  { id, rule }: { readonly id: string; readonly rule: Weighting },
  correlations: Float64Array,
  scores: readonly Float64Array[],
  units: Int32Array,
  solver: Solver | undefined,
): Float64Array {
  if (!solver) throw new Error(`The weights below "${id}" need a solver to be found.`);
  const least = rule.method === "equal_influence" ? (rule.minimum_share ?? 0) : 0;
  const found = solver.minimiseSpread(correlations, scores.length, least);
  return found.map((part, place) => {
    const column = scores[place] as Float64Array;
    const { deviation } = momentsOf(Float64Array.from(units, (unit) => column[unit] as number));
    return part < LEAST ? 0 : part / deviation;
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
