import type { EvaluationStandard, TreeNode } from "../standard/evaluation-standard.ts";
import type { Missing } from "../standard/standard-methods.ts";
import { sumSorted } from "./sums.ts";

/** A node of one level's tree. Positions are within `LevelTree.items`, where parents stand before their children. */
export interface TreeItem {
  readonly id: string;
  readonly kind: "index" | "dimension" | "indicator";
  /** Position among all nodes, then all indicators, of the standard. */
  readonly place: number;
  /** Position among the standard's indicators, or -1. */
  readonly leaf: number;
  /** Position among the level's indicators, in the standard's order: the column of its values; or -1. */
  readonly column: number;
  readonly parent: number;
  readonly children: readonly number[];
  /** Points: those of a node's children sum to its own. */
  readonly weight: number;
  readonly node: TreeNode | undefined;
}

/** The part of a standard's tree that one level has. */
export interface LevelTree {
  readonly level: string;
  readonly items: readonly TreeItem[];
  /** Position in `items` of each column. */
  readonly columns: Int32Array;
}

/** The trees of all levels of a standard. */
export function layOutTrees(standard: EvaluationStandard): Map<string, LevelTree> {
  return new Map(Object.keys(standard.levels).map((level) => [level, layOutTree(standard, level)]));
}

/** The tree of one level; relative weights become points of the index's own. */
export function layOutTree(standard: EvaluationStandard, level: string): LevelTree {
  const items: (Omit<TreeItem, "children" | "weight"> & { children: number[]; weight: number })[] =
    [];
  const leaves = standard.indicators.flatMap(({ weight }, leaf) =>
    weight[level] === undefined ? [] : [leaf],
  );
  const add = (id: string, parent: number): void => {
    standard.nodes.forEach((node, place) => {
      const weight = node.weight[level];
      if (node.id !== id || weight === undefined) return;
      const position = items.length;
      const kind = parent < 0 ? "index" : "dimension";
      items.push({ id, kind, place, leaf: -1, column: -1, parent, children: [], weight, node });
      items[parent]?.children.push(position);
      for (const child of standard.nodes) if (child.parent === id) add(child.id, position);
      addLeaves(id, position);
    });
  };
  const addLeaves = (id: string, parent: number): void => {
    standard.indicators.forEach(({ indicator, parent: above, weight: weights }, leaf) => {
      const weight = weights[level];
      if (above !== id || weight === undefined) return;
      items[parent]?.children.push(items.length);
      items.push({
        id: indicator,
        kind: "indicator",
        place: standard.nodes.length + leaf,
        leaf,
        column: leaves.indexOf(leaf),
        parent,
        children: [],
        weight,
        node: undefined,
      });
    });
  };
  const root = standard.nodes.find(({ parent }) => parent === undefined);
  if (root) add(root.id, -1);
  if (standard.weights === "relative") {
    const points = toPoints(
      items,
      Float64Array.from(items, ({ weight }) => weight),
    );
    items.forEach((item, position) => {
      item.weight = points[position] as number;
    });
  }
  const columns = new Int32Array(leaves.length);
  items.forEach(({ column }, position) => {
    if (column >= 0) columns[column] = position;
  });
  return { level, items, columns };
}

/**
 * Turns relative weights into points: the children of each node share its points in proportion to their weights.
 * @param weights by position; the index keeps its own
 * @throws Error in a sentence when the weights of siblings are negative or all zero
 */
export function toPoints(
  items: readonly Pick<TreeItem, "id" | "children">[],
  weights: Float64Array,
): Float64Array {
  const points = weights.slice();
  items.forEach(({ id, children }, position) => {
    for (const child of children) {
      const weight = weights[child] as number;
      if (weight >= 0) continue;
      throw new Error(
        `The weight of "${items[child]?.id}" is ${weight}; weights must be 0 or more.`,
      );
    }
    const sum = sumSorted(Float64Array.from(children, (child) => weights[child] as number));
    if (children.length > 0 && !(sum > 0)) {
      throw new Error(`All weights below "${id}" are 0, so its score is undefined.`);
    }
    for (const child of children) {
      points[child] = ((points[position] as number) * (weights[child] as number)) / sum;
    }
  });
  return points;
}

/** Weights of the items in points, as aggregation takes them. */
export function weightsOf(tree: LevelTree): Float64Array {
  return Float64Array.from(tree.items, ({ weight }) => weight);
}

/** The rule a node follows when a child is missing: its own, else the standard's. */
export function missingRuleOf(item: TreeItem, standard: Missing): Missing {
  return item.node?.missing ?? standard;
}
