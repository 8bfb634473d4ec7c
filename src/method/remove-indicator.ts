import { aggregate } from "../composite/aggregate.ts";
import type { Evaluation } from "../composite/evaluate.ts";
import { openScores } from "../composite/node-scores.ts";
import { rankDown } from "../composite/order.ts";
import type { Panel } from "../composite/panel.ts";
import type { Solver } from "../composite/solver.ts";
import type { Specification } from "../composite/specification.ts";
import { type LevelTree, type TreeItem, toPoints } from "../composite/tree.ts";

/** What a ranking becomes without one indicator. */
export interface Removal {
  readonly indicator: string;
  /** Ranks of the group without it, in its order; 0: no score. */
  readonly ranks: Int32Array;
  /** Mean and largest number of places moved, among those ranked both times. */
  readonly meanShift: number;
  readonly largestShift: number;
}

/**
 * Ranks a group again without each indicator in turn: its weight goes to its siblings, and a node left without children
 * gives its own to its siblings. Only the aggregation runs again.
 * @param settle turns scores of the trees into those ranked, in place
 */
export function removeEach(
  specification: Specification,
  panel: Panel,
  { leaves, weights }: Evaluation,
  { units, stated }: { readonly units: Int32Array; readonly stated: Int32Array },
  settle: (scores: Float64Array) => void = () => {},
  solver?: Solver,
): Removal[] {
  const { tree, tolerance } = specification;
  const nodes = openScores(tree, panel, solver);
  return [...tree.columns].map((position) => {
    const without = takeAway(tree, weights, position);
    const blanked = leaves.slice();
    const { column, id } = tree.items[position] as TreeItem;
    blanked.fill(Number.NaN, column * panel.units, (column + 1) * panel.units);
    const reduced = { ...panel, inapplicable: markInapplicable(panel, column) };
    const scores = (
      aggregate(specification, reduced, blanked, without, nodes).score[0] as Float64Array
    ).slice();
    settle(scores);
    const ranks = rankDown(
      Float64Array.from(units, (unit) => scores[unit] as number),
      tolerance,
    );
    return { indicator: id, ranks, ...measureShift(ranks, stated) };
  });
}

/** Weights with one leaf at 0, and with it every node above that has nothing else below it. */
function takeAway(tree: LevelTree, weights: Float64Array, position: number): Float64Array {
  const left = weights.slice();
  for (let at = position; at > 0; ) {
    left[at] = 0;
    const { parent } = tree.items[at] as TreeItem;
    const rest = (tree.items[parent] as TreeItem).children.some((child) => left[child] !== 0);
    if (rest) break;
    at = parent;
  }
  // Below an emptied node nothing is left to share: it keeps its points, which count for nothing.
  const spread = left.map((weight, at) => (isEmptied(tree, left, at) ? 1 : weight));
  const points = toPoints(tree.items, spread);
  return points.map((point, at) => (left[at] === 0 ? 0 : point));
}

function isEmptied(tree: LevelTree, weights: Float64Array, at: number): boolean {
  const { parent } = tree.items[at] as TreeItem;
  return parent > 0 && weights[parent] === 0;
}

function markInapplicable({ units, values, inapplicable }: Panel, column: number): Uint8Array {
  const marks = inapplicable?.slice() ?? new Uint8Array(values.length);
  marks.fill(1, column * units, (column + 1) * units);
  return marks;
}

function measureShift(ranks: Int32Array, stated: Int32Array) {
  let sum = 0;
  let found = 0;
  let largestShift = 0;
  ranks.forEach((rank, place) => {
    if (rank === 0 || stated[place] === 0) return;
    const shift = Math.abs(rank - (stated[place] as number));
    sum += shift;
    found++;
    largestShift = Math.max(largestShift, shift);
  });
  return { meanShift: found === 0 ? Number.NaN : sum / found, largestShift };
}
