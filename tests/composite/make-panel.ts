import type { Panel } from "../../src/composite/panel.ts";
import type { LeafRules, Specification } from "../../src/composite/specification.ts";
import { layOutTree } from "../../src/composite/tree.ts";
import type {
  EvaluationStandard,
  TreeNode,
  WeightedIndicator,
} from "../../src/standard/evaluation-standard.ts";
import type { Missing } from "../../src/standard/standard-methods.ts";

export const REWEIGHT: Missing = {
  rule: "reweight",
  minimum_coverage: 0,
  not_applicable: "excluded",
  assumption: true,
};

export const PERCENT: LeafRules["normalisation"] = { method: "scaled", low: 0, high: 100 };

/** A node of a test's tree; weights are relative. */
export interface TestNode extends Partial<Omit<TreeNode, "weight">> {
  readonly id: string;
  readonly weight?: number;
}

/** An indicator of a test's tree. */
export interface TestLeaf extends Partial<Omit<LeafRules, "id">> {
  readonly id: string;
  readonly parent: string;
  readonly weight?: number;
}

/** A specification from a short description of its tree. */
export function makeSpecification(
  nodes: readonly TestNode[],
  leaves: readonly TestLeaf[],
  changes: Partial<Specification> & {
    readonly normalisations?: EvaluationStandard["normalisations"];
  } = {},
): Specification {
  const { normalisations = {}, ...rest } = changes;
  const title = { zh: "节点", en: "node" };
  const standard = {
    weights: "relative",
    levels: { body: {} },
    nodes: nodes.map(({ weight = 1, ...node }) => ({
      title,
      aggregation: { method: "arithmetic" as const },
      ...node,
      weight: { body: weight },
    })),
    indicators: leaves.map(
      ({ id, parent, weight = 1 }): WeightedIndicator => ({
        indicator: id,
        parent,
        weight: { body: weight },
      }),
    ),
  } as unknown as EvaluationStandard;
  const tree = layOutTree(standard, "body");
  return {
    tree,
    leaves: leaves.map(({ weight: _weight, parent: _parent, ...leaf }) => ({
      direction: "higher",
      normalisation: PERCENT,
      ...leaf,
    })),
    rescaled: new Map(
      tree.items.flatMap(({ node }, position) => {
        const rule = normalisations[node?.normalise ?? ""];
        return rule ? [[position, rule] as const] : [];
      }),
    ),
    missing: REWEIGHT,
    tolerance: 0,
    ...rest,
  };
}

/** A panel of one period from columns of values; null: missing. */
export function makePanel(
  columns: readonly (readonly (number | null)[])[],
  changes: Partial<Panel> = {},
): Panel {
  const units = columns[0]?.length ?? 0;
  return {
    units,
    entity: Array.from({ length: units }, (_, unit) => `unit${unit}`),
    periods: ["2018"],
    period: new Int32Array(units),
    groupings: { peers: new Int32Array(units) },
    values: Float64Array.from(columns.flat(), (value) => value ?? Number.NaN),
    denominators: {},
    ...changes,
  };
}

/** Values as a test states them: null for missing. */
export function plain(values: ArrayLike<number> | undefined): (number | null)[] {
  return Array.from(values ?? [], (value) => (Number.isNaN(value) ? null : value));
}
