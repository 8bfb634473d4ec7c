import {
  type ByLevel,
  type EvaluationStandard,
  pickByLevel,
  tieTolerance,
} from "../standard/evaluation-standard.ts";
import type {
  Imputation,
  Missing,
  Normalisation,
  Treatment,
} from "../standard/standard-methods.ts";
import { type LevelTree, layOutTree } from "./tree.ts";

export type Direction = "higher" | "lower";

/** What is done with the values of one indicator. */
export interface LeafRules {
  readonly id: string;
  readonly direction: Direction;
  /** Name of what its values are divided by. */
  readonly denominator?: string | undefined;
  readonly imputation?: Imputation | undefined;
  readonly treatment?: Treatment | undefined;
  readonly normalisation: Normalisation;
}

/**
 * Everything the engine needs of a standard to evaluate one level. A draw that changes a choice makes a changed copy:
 * `{ ...specification, leaves: changed }`; the stages before the changed one need not run again.
 */
export interface Specification {
  readonly tree: LevelTree;
  /** By column: the level's indicators in the standard's order. */
  readonly leaves: readonly LeafRules[];
  /** Normalisation of a node's scores before its parent takes them, by position in the tree. */
  readonly rescaled: ReadonlyMap<number, Normalisation>;
  readonly missing: Missing;
  readonly screening?: EvaluationStandard["screening"];
  /** Scores no further apart share a rank; points. */
  readonly tolerance: number;
}

/**
 * The specification of one level, from a standard that has passed its checks.
 * @param directions of the indicators, by id; an indicator's own direction in the standard goes before
 */
export function specify(
  standard: EvaluationStandard,
  level: string,
  directions: ReadonlyMap<string, { readonly direction: Direction }>,
): Specification {
  const tree = layOutTree(standard, level);
  const leaves = Array.from(tree.columns, (position): LeafRules => {
    const entry = standard.indicators[tree.items[position]?.leaf ?? -1];
    if (!entry) throw new Error(`The level "${level}" has an indicator that the standard lacks.`);
    const { defaults = {} } = standard;
    const named = (choice: ByLevel, fallback?: string) => pickByLevel(choice, level) ?? fallback;
    const normalisation = standard.normalisations[named(entry.normalise, defaults.normalise) ?? ""];
    if (!normalisation) {
      throw new Error(`The indicator "${entry.indicator}" has no normalisation at "${level}".`);
    }
    return {
      id: entry.indicator,
      direction: entry.direction ?? directions.get(entry.indicator)?.direction ?? "higher",
      denominator: named(entry.denominate),
      imputation: standard.imputations?.[named(entry.impute, defaults.impute) ?? NONE],
      treatment: standard.treatments?.[named(entry.treat, defaults.treat) ?? NONE],
      normalisation,
    };
  });
  const rescaled = new Map(
    tree.items.flatMap(({ node }, position) => {
      const rule = standard.normalisations[node?.normalise ?? ""];
      return rule ? [[position, rule] as const] : [];
    }),
  );
  const { missing, screening } = standard;
  const tolerance = tieTolerance(standard);
  return { tree, leaves, rescaled, missing, screening, tolerance };
}

/** Says that an indicator follows no rule, where the defaults name one. */
const NONE = "none";
