import type { Context } from "../context.ts";
import { type ScoredTree, scoreTree } from "./aggregate.ts";
import type { Evidence, Unit } from "./evidence.ts";
import { splitOnGrid, toGrid } from "./grid.ts";
import { type Normalised, normalise } from "./normalise.ts";
import { findPeerRanges, type PeerRanges, rangeOf } from "./peers.ts";
import { ASSESSED, NO_DATA, NOT_APPLICABLE, type Sheets, TOO_FEW } from "./sheets.ts";
import type { LevelTree, TreeItem } from "./tree.ts";

/** The tree's result for one body and period. */
export interface TreeResult {
  /** Score of the index before deductions and bonuses, on the grid; NaN when there is none. */
  readonly score: number;
  /** Assessed share of the applicable weight, and of all weight. */
  readonly coverage: number;
  readonly assessed: number;
}

/**
 * Works out every body's tree, and writes its nodes, the points of its indicators and how far these can be split by
 * category onto the sheets.
 */
export function assessTrees(
  context: Context,
  evidence: Evidence,
  trees: ReadonlyMap<string, LevelTree>,
  sheets: Sheets,
): TreeResult[] {
  const ranges = findPeerRanges(context, evidence, trees);
  const width = evidence.leaves.length;
  return evidence.units.map((unit, number) => {
    const tree = trees.get(unit.level) as LevelTree;
    const normalised = normaliseLeaves(context, evidence, tree, unit, number, ranges);
    const scored = scoreTree(
      tree,
      (leaf) => ({
        score: normalised[leaf]?.score ?? Number.NaN,
        applicable: evidence.state[number * width + leaf] !== NOT_APPLICABLE,
      }),
      context.standard.missing,
    );
    const score = toGrid(scored.score[0] as number);
    writeNodes(evidence, tree, number, scored, sheets);
    writePoints(context, tree, number, scored, normalised, sheets);
    const whole = (tree.items[0] as TreeItem).weight;
    const assessed = (scored.assessed[0] as number) / whole;
    return { score, coverage: scored.coverage[0] as number, assessed };
  });
}

function normaliseLeaves(
  { standard, indicators }: Context,
  evidence: Evidence,
  tree: LevelTree,
  unit: Unit,
  number: number,
  ranges: PeerRanges,
): (Normalised | undefined)[] {
  const result: (Normalised | undefined)[] = new Array(standard.indicators.length);
  for (const { leaf, id } of tree.items) {
    if (leaf < 0) continue;
    const value = evidence.value[number * evidence.leaves.length + leaf] as number;
    const rule = standard.normalisations[tree.rules[leaf] ?? ""];
    if (Number.isNaN(value) || !rule) continue;
    const direction = indicators.get(id)?.direction ?? "higher";
    result[leaf] = normalise(rule, direction, value, rangeOf(ranges, rule, unit, leaf));
  }
  return result;
}

function writeNodes(
  evidence: Evidence,
  tree: LevelTree,
  unit: number,
  scored: ScoredTree,
  { nodes }: Sheets,
): void {
  const whole = (tree.items[0] as TreeItem).weight;
  tree.items.forEach((item, position) => {
    const row = (nodes.start[unit] as number) + position;
    const cell = unit * evidence.leaves.length + item.leaf;
    nodes.unit[row] = unit;
    nodes.node[row] = item.place;
    nodes.state[row] = stateOf(item, position, evidence.state[cell] as number, scored);
    if (item.leaf >= 0) nodes.value[row] = evidence.value[cell] as number;
    nodes.score[row] = scored.score[position] as number;
    nodes.nominal[row] = item.weight / whole;
    nodes.share[row] = scored.share[position] as number;
    nodes.coverage[row] = scored.coverage[position] as number;
  });
}

function stateOf(item: TreeItem, position: number, fact: number, scored: ScoredTree): number {
  if (!Number.isNaN(scored.score[position])) return ASSESSED;
  // A value that cannot be scored lacks peers to compare it with.
  if (item.leaf >= 0) return fact === ASSESSED ? TOO_FEW : fact;
  if (scored.applicable[position] === 0) return NOT_APPLICABLE;
  return scored.assessed[position] === 0 ? NO_DATA : TOO_FEW;
}

function writePoints(
  context: Context,
  tree: LevelTree,
  unit: number,
  scored: ScoredTree,
  normalised: readonly (Normalised | undefined)[],
  sheets: Sheets,
): void {
  if (Number.isNaN(scored.score[0])) return;
  const { share, score, leverage } = scored;
  const counted = tree.items.flatMap((item, position) =>
    item.leaf >= 0 && !Number.isNaN(share[position]) ? [position] : [],
  );
  const parts = counted.map((position) => {
    const shortfall = 100 - (score[position] as number);
    return (share[position] as number) * (100 - (leverage[position] as number) * shortfall);
  });
  const exact = splitOnGrid(parts, scored.score[0] as number);
  counted.forEach((position, row) => {
    const { id, leaf } = tree.items[position] as TreeItem;
    sheets.points[unit * sheets.slots.length + leaf] = exact[row] as number;
    sheets.share[unit * sheets.indicators + leaf] = share[position] as number;
    const linear = normalised[leaf]?.linear;
    const indicator = context.indicators.get(id);
    const lost = (linear?.best ?? 0) - (score[position] as number);
    if (!linear || indicator?.aggregate !== "ratio" || lost <= 0) return;
    sheets.splits.push({
      unit,
      slot: leaf,
      lost: (share[position] as number) * (leverage[position] as number) * lost,
      reference: linear.reference / indicator.scale,
      sign: indicator.direction === "higher" ? 1 : -1,
    });
  });
}
