import { type Comparison, columnOf, compare, type Panel, PEERS } from "./panel.ts";
import type { Solver } from "./solver.ts";
import type { LevelTree } from "./tree.ts";

/**
 * Scores of all nodes, and the room they are worked out in: opened once, filled by every `aggregate`.
 * Arrays are by position in the tree, then by unit; NaN: no score.
 */
export interface NodeScores {
  /** Ids of the items. */
  readonly ids: readonly string[];
  /** Of a leaf, a view of the scores handed in last; of a node, as its parent takes it. */
  readonly score: Float64Array[];
  /** Points of the weights below the node that apply, and that are assessed. Of leaves not kept. */
  readonly applicable: readonly Float64Array[];
  readonly assessed: readonly Float64Array[];
  /** Of nodes with caps, a normalisation or a direction: the score before those. */
  readonly plain: ReadonlyMap<number, Float64Array>;
  /** Who is compared in duels and by benefit of the doubt: the peers of a period. */
  readonly peers: readonly Comparison[];
  /** Needed by benefit of the doubt and equal influence only. */
  readonly solver: Solver | undefined;
}

/** Room for the scores of a tree. */
export function openScores(tree: LevelTree, panel: Panel, solver?: Solver): NodeScores {
  const none = new Float64Array(0);
  const blank = () => new Float64Array(panel.units);
  const ofNodes = () => tree.items.map(({ column }) => (column < 0 ? blank() : none));
  return {
    ids: tree.items.map(({ id }) => id),
    score: ofNodes(),
    applicable: ofNodes(),
    assessed: ofNodes(),
    plain: new Map(
      tree.items.flatMap(({ node }, position) =>
        node?.caps || node?.normalise || node?.direction ? [[position, blank()] as const] : [],
      ),
    ),
    peers: PEERS in panel.groupings ? compare(panel, {}) : compare(panel, { among: "level" }),
    solver,
  };
}

/** Shows the leaves' scores, one column after the other, at their positions of the tree. */
export function placeLeaves(
  tree: LevelTree,
  panel: Panel,
  leaves: Float64Array,
  { score }: NodeScores,
): void {
  tree.columns.forEach((position, column) => {
    score[position] = columnOf(panel, leaves, column);
  });
}
