import { doubt } from "./benefit-of-the-doubt.ts";
import { isMean, takeMean } from "./means.ts";
import { type NodeScores, placeLeaves } from "./node-scores.ts";
import { makeComparisons, scaleColumn } from "./normalise.ts";
import { isOrdered, judgeUnit } from "./ordered.ts";
import { duel } from "./outrank.ts";
import type { Comparison, Panel } from "./panel.ts";
import type { Specification } from "./specification.ts";
import { sumSorted } from "./sums.ts";
import { missingRuleOf, type TreeItem } from "./tree.ts";

// Sums of weights such as 0.1 + 0.2 must not miss a threshold by their last bit.
const TOLERANCE = 1e-9;

/**
 * Scores of all nodes from those of the leaves, from the leaves up.
 * @param leaves scores, one column after the other
 * @param weights points by position in the tree; only their proportions among siblings matter for scores, those of the
 *   leaves for coverage
 * @param out opened by `openScores`, filled again by every call
 * @throws Error in a sentence when scores forbid a method
 */
export function aggregate(
  specification: Specification,
  panel: Panel,
  leaves: Float64Array,
  weights: Float64Array,
  out: NodeScores,
): NodeScores {
  const { tree } = specification;
  placeLeaves(tree, panel, leaves, out);
  for (let position = tree.items.length - 1; position >= 0; position--) {
    if ((tree.items[position] as TreeItem).column >= 0) continue;
    aggregateNode(specification, panel, position, weights, out);
  }
  return out;
}

/** One node from its children, which are there already. */
export function aggregateNode(
  specification: Specification,
  panel: Panel,
  position: number,
  weights: Float64Array,
  out: NodeScores,
): void {
  const item = specification.tree.items[position] as TreeItem;
  countWeights(specification, panel, position, weights, out);
  const enough = findEnough(specification, panel, position, out);
  const children = childrenOf(specification, item, out);
  const own = item.children.map((child) => weights[child] as number);
  const score = out.score[position] as Float64Array;
  combine(specification, item, { children, weights: own }, score, enough, out);
  for (let unit = 0; unit < score.length; unit++) if (!enough(unit)) score[unit] = Number.NaN;
  finish(specification, panel, position, out);
}

/**
 * Points below the node that apply to each unit, and those assessed; the same to the last bit in whatever order the
 * children stand.
 */
function countWeights(
  { tree, missing }: Specification,
  panel: Panel,
  position: number,
  weights: Float64Array,
  { score, applicable, assessed }: NodeScores,
): void {
  const item = tree.items[position] as TreeItem;
  const all = applicable[position] as Float64Array;
  const known = assessed[position] as Float64Array;
  all.fill(0);
  known.fill(0);
  const drops = missingRuleOf(item, missing).not_applicable === "excluded";
  const isLeaf = (child: number) => (tree.items[child] as TreeItem).column >= 0;
  // Leaves of one weight may change places without changing a sum: they go by weight.
  const leaves = item.children
    .filter(isLeaf)
    .sort((a, b) => (weights[a] as number) - (weights[b] as number));
  for (const child of leaves) {
    const own = score[child] as Float64Array;
    const weight = weights[child] as number;
    const inapplicable = drops ? panel.inapplicable : undefined;
    const first = (tree.items[child] as TreeItem).column * panel.units;
    for (let unit = 0; unit < all.length; unit++) {
      if (!inapplicable?.[first + unit]) all[unit] = (all[unit] as number) + weight;
      if (!Number.isNaN(own[unit])) known[unit] = (known[unit] as number) + weight;
    }
  }
  const nodes = item.children.filter((child) => !isLeaf(child));
  if (nodes.length === 0) return;
  const [below, there] = [new Float64Array(nodes.length + 1), new Float64Array(nodes.length + 1)];
  for (let unit = 0; unit < all.length; unit++) {
    let count = 0;
    below[nodes.length] = all[unit] as number;
    there[count++] = known[unit] as number;
    nodes.forEach((child, place) => {
      below[place] = applicable[child]?.[unit] as number;
      if (!Number.isNaN(score[child]?.[unit])) there[count++] = assessed[child]?.[unit] as number;
    });
    all[unit] = sumSorted(below);
    known[unit] = sumSorted(there, count);
  }
}

/** Whether enough of a unit is known for the node to have a score, by the node's missing rule. */
function findEnough(
  { tree, missing }: Specification,
  panel: Panel,
  position: number,
  { score, applicable, assessed }: NodeScores,
): (unit: number) => boolean {
  const item = tree.items[position] as TreeItem;
  const rule = missingRuleOf(item, missing);
  const all = applicable[position] as Float64Array;
  const known = assessed[position] as Float64Array;
  const some = (unit: number) => (known[unit] as number) > 0;
  switch (rule.rule) {
    case "reweight":
      return (unit) =>
        some(unit) &&
        (known[unit] as number) >= rule.minimum_coverage * (all[unit] as number) - TOLERANCE;
    case "substitute":
      return some;
    case "require":
      return (unit) =>
        some(unit) &&
        item.children.every((child) => {
          const { column } = tree.items[child] as TreeItem;
          const excluded =
            rule.not_applicable === "excluded" &&
            (column >= 0
              ? panel.inapplicable?.[column * panel.units + unit] === 1
              : applicable[child]?.[unit] === 0);
          return excluded || !Number.isNaN((score[child] as Float64Array)[unit]);
        });
  }
}

/** Scores of the children as the node takes them: missing ones substituted, where its rule says so. */
export function childrenOf(
  { missing }: Specification,
  item: TreeItem,
  { score }: NodeScores,
): readonly Float64Array[] {
  const rule = missingRuleOf(item, missing);
  const own = item.children.map((child) => score[child] as Float64Array);
  if (rule.rule !== "substitute") return own;
  return own.map((scores) => scores.map((one) => (!Number.isNaN(one) ? one : rule.score)));
}

function combine(
  { tolerance }: Specification,
  item: TreeItem,
  {
    children,
    weights,
  }: { readonly children: readonly Float64Array[]; readonly weights: readonly number[] },
  score: Float64Array,
  enough: (unit: number) => boolean,
  out: NodeScores,
): void {
  const rule = item.node?.aggregation ?? { method: "arithmetic" };
  if (isMean(rule)) {
    takeMean(rule, children, weights, score, item.id);
    return;
  }
  score.fill(Number.NaN);
  if (isOrdered(rule)) {
    for (let unit = 0; unit < score.length; unit++) {
      if (!enough(unit)) continue;
      const there = presentOf(children, weights, unit);
      score[unit] = judgeUnit(rule, there.scores, there.weights, item.id).score;
    }
    return;
  }
  for (const { using } of out.peers) {
    const units = using.filter(enough);
    if (rule.method === "benefit_of_the_doubt") {
      doubt(rule, nameNode(item, out), children, units, out.solver).forEach(
        ({ score: own }, row) => {
          score[units[row] as number] = own;
        },
      );
    } else if (units.length > 1) {
      const table = { rows: tabulate(children, units), units: units.length };
      const { ahead, won } = duel({ ...table, weights: Float64Array.from(weights) }, tolerance);
      const shares = rule.count === "weight" ? ahead : won;
      units.forEach((unit, row) => {
        score[unit] = 100 * (shares[row] as number);
      });
    }
  }
}

/** A node's id and its children's. */
export function nameNode({ id, children }: TreeItem, { ids }: NodeScores) {
  return { id, names: children.map((child) => ids[child] as string) };
}

/** Scores of some units, unit after unit. */
export function tabulate(children: readonly Float64Array[], units: Int32Array): Float64Array {
  const rows = new Float64Array(units.length * children.length);
  children.forEach((scores, child) => {
    for (let row = 0; row < units.length; row++) {
      rows[row * children.length + child] = scores[units[row] as number] as number;
    }
  });
  return rows;
}

/** The children that have a score for a unit: their places, scores and weights. */
export function presentOf(
  children: readonly Float64Array[],
  weights: readonly number[],
  unit: number,
): { places: number[]; scores: Float64Array; weights: Float64Array } {
  const places = [...children.keys()].filter(
    (place) => !Number.isNaN((children[place] as Float64Array)[unit]),
  );
  return {
    places,
    scores: Float64Array.from(places, (place) => (children[place] as Float64Array)[unit] as number),
    weights: Float64Array.from(places, (place) => weights[place] as number),
  };
}

/** Whether a score lies below a limit by more than rounding, which must not decide over a cap. */
export function fallsBelow(score: number, limit: number): boolean {
  return score < limit - TOLERANCE;
}

/** Caps, another scale and another direction, where the node has them. */
function finish(
  { tree, rescaled }: Specification,
  panel: Panel,
  position: number,
  out: NodeScores,
): void {
  const plain = out.plain.get(position);
  const item = tree.items[position] as TreeItem;
  if (!plain || !item.node) return;
  const score = out.score[position] as Float64Array;
  plain.set(score);
  for (const cap of item.node.caps ?? []) {
    const child = item.children.find((one) => tree.items[one]?.id === cap.child);
    if (child === undefined) continue;
    const deciding = out.score[child] as Float64Array;
    for (let unit = 0; unit < score.length; unit++) {
      const low = fallsBelow(deciding[unit] as number, cap.below);
      if (low && (score[unit] as number) > cap.maximum) score[unit] = cap.maximum;
    }
  }
  const direction = item.node.direction ?? "higher";
  const rule = rescaled.get(position);
  if (rule) {
    const comparisons: readonly Comparison[] = makeComparisons(panel)(rule);
    const values = score.slice();
    scaleColumn(panel, rule, { id: item.id, direction }, comparisons, { values, out: score });
  } else if (direction === "lower") {
    for (let unit = 0; unit < score.length; unit++) score[unit] = 100 - (score[unit] as number);
  }
}
