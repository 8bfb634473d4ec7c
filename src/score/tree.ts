import type { EvaluationStandard, TreeNode } from "../standard/evaluation-standard.ts";

/** A node of one level's tree. Positions are within `LevelTree.items`, where parents stand before their children. */
export interface TreeItem {
  readonly id: string;
  readonly kind: "index" | "dimension" | "indicator";
  /** Position among all nodes, then all indicators, of the standard. */
  readonly place: number;
  /** Position among the standard's indicators, or -1. */
  readonly leaf: number;
  readonly parent: number;
  readonly children: readonly number[];
  /** Points, as the standard states them. */
  readonly weight: number;
  readonly aggregation: TreeNode["aggregation"];
}

/** The part of a standard's tree that one level has. */
export interface LevelTree {
  readonly level: string;
  readonly items: readonly TreeItem[];
  /** Name of each indicator's normalisation at this level, if it has a weight there, by position among the standard's indicators. */
  readonly rules: readonly (string | undefined)[];
}

/** The trees of all levels of a standard. */
export function layOutTrees(standard: EvaluationStandard): Map<string, LevelTree> {
  return new Map(Object.keys(standard.levels).map((level) => [level, layOutTree(standard, level)]));
}

function layOutTree(standard: EvaluationStandard, level: string): LevelTree {
  const items: (Omit<TreeItem, "children"> & { children: number[] })[] = [];
  const add = (id: string, parent: number): void => {
    standard.nodes.forEach((node, place) => {
      const weight = node.weight[level];
      if (node.id !== id || weight === undefined) return;
      const position = items.length;
      const kind = parent < 0 ? "index" : "dimension";
      const { aggregation } = node;
      items.push({ id, kind, place, leaf: -1, parent, children: [], weight, aggregation });
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
        parent,
        children: [],
        weight,
        aggregation: { method: "arithmetic" },
      });
    });
  };
  const root = standard.nodes.find(({ parent }) => parent === undefined);
  if (root) add(root.id, -1);
  const rules = standard.indicators.map(({ normalise, weight }) => {
    if (weight[level] === undefined) return undefined;
    return typeof normalise === "string" ? normalise : normalise[level];
  });
  return { level, items, rules };
}
