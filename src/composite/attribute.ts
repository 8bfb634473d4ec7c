import { childrenOf } from "./aggregate.ts";
import { type LossSplit, splitLosses } from "./losses.ts";
import type { NodeScores } from "./node-scores.ts";
import type { Panel } from "./panel.ts";
import type { Specification } from "./specification.ts";
import { sumSorted } from "./sums.ts";
import type { TreeItem } from "./tree.ts";

/**
 * What each item adds to the index. An item with share ω and score s adds ω × (100 − κ × (100 − s)) − ε; over the
 * leaves of a unit these sum to its index, however its nodes are aggregated. Arrays are by position, then by unit;
 * NaN where the item has no part in the index.
 */
export interface Attribution {
  /** ω: share of the index the item carries after the weight of missing siblings went to it. */
  readonly share: readonly Float64Array[];
  /** κ: points the item's shortfall of 100 costs, as a multiple of its share; 1 below arithmetic nodes. */
  readonly leverage: readonly Float64Array[];
  /** ε: points lost that do not go with the item's shortfall, as the cost of imbalance or of a cap; mostly 0. */
  readonly offset: readonly Float64Array[];
}

/** Attributes every unit's index to its leaves, from the index down. */
export function attribute(
  specification: Specification,
  panel: Panel,
  weights: Float64Array,
  nodes: NodeScores,
): Attribution {
  const { items } = specification.tree;
  const blank = () => items.map(() => new Float64Array(panel.units).fill(Number.NaN));
  const result: Attribution = { share: blank(), leverage: blank(), offset: blank() };
  const { share, leverage, offset } = result;
  for (let unit = 0; unit < panel.units; unit++) {
    if (Number.isNaN(nodes.score[0]?.[unit])) continue;
    set(share, 0, unit, 1);
    set(leverage, 0, unit, 1);
    set(offset, 0, unit, 0);
  }
  items.forEach((item, position) => {
    if (item.column >= 0) return;
    const children = childrenOf(specification, item, nodes);
    const split = splitLosses(specification, position, children, weights, nodes);
    for (let unit = 0; unit < panel.units; unit++) {
      if (Number.isNaN(share[position]?.[unit])) continue;
      handDown({ item, position, children, weights, split }, unit, nodes, result);
    }
  });
  return result;
}

interface Node {
  readonly item: TreeItem;
  readonly position: number;
  readonly children: readonly Float64Array[];
  readonly weights: Float64Array;
  readonly split: LossSplit;
}

function handDown(
  { item, position, children, weights, split }: Node,
  unit: number,
  nodes: NodeScores,
  { share, leverage, offset }: Attribution,
): void {
  const own = share[position]?.[unit] as number;
  const lever = leverage[position]?.[unit] as number;
  const extra = offset[position]?.[unit] as number;
  const there = item.children.filter((_, place) => !Number.isNaN(children[place]?.[unit]));
  const sum = sumSorted(Float64Array.from(there, (child) => weights[child] as number));
  const { costs, losses } = split(unit);
  item.children.forEach((child, place) => {
    const score = children[place]?.[unit] as number;
    if (Number.isNaN(score)) return;
    const weight = weights[child] as number;
    const part = (own * weight) / sum;
    // A substituted score is not the child's own; then all of its loss is an offset.
    const shortfall = Number.isNaN(nodes.score[child]?.[unit]) ? 0 : 100 - score;
    set(share, child, unit, part);
    let cost = lever * (costs[place] as number);
    let rest = own * lever * (losses[place] as number) + (extra * weight) / sum;
    if (shortfall === 0 && score !== 100) {
      rest += part * cost * (100 - score);
      cost = 0;
    } else if (rest !== 0 && part > 0 && Math.abs(shortfall) > SHORT) {
      // What can go with the shortfall does, so that it is handed on to the children that fell short.
      cost += rest / (part * shortfall);
      rest = 0;
    }
    set(leverage, child, unit, cost);
    set(offset, child, unit, rest);
  });
}

/** Shorter than this, a shortfall is rounding and divides nothing. */
const SHORT = 1e-6;

function set(arrays: readonly Float64Array[], position: number, unit: number, value: number): void {
  (arrays[position] as Float64Array)[unit] = value;
}

/** What a leaf adds to a unit's index, in points; sums to the index over the leaves, but for rounding. */
export function pointsOf(
  { share, leverage, offset }: Attribution,
  nodes: NodeScores,
  position: number,
  unit: number,
): number {
  const score = nodes.score[position]?.[unit] as number;
  const shortfall = !Number.isNaN(score) ? 100 - score : 0;
  const full = 100 - (leverage[position]?.[unit] as number) * shortfall;
  return (share[position]?.[unit] as number) * full - (offset[position]?.[unit] as number);
}
