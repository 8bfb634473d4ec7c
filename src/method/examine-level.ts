import type { Evaluation } from "../composite/evaluate.ts";
import type { Panel } from "../composite/panel.ts";
import { findReversals, type Reversal } from "../composite/reversal.ts";
import type { Solver } from "../composite/solver.ts";
import type { Specification } from "../composite/specification.ts";
import { type EffectiveWeight, reportWeights } from "../composite/weigh.ts";
import type { RankedGroup } from "../uncertainty/rank-table.ts";
import { type Association, associate, cronbachAlpha } from "./association.ts";
import { type Removal, removeEach } from "./remove-indicator.ts";

/** Two indicators of one level, by their ids. */
export interface IndicatorPair extends Association {
  readonly one: string;
  readonly other: string;
}

/** Whether a node's children go together. */
export interface Reliability {
  readonly node: string;
  readonly children: number;
  readonly alpha: number;
}

/** What is to be known of the method at one level. */
export interface LevelExamination {
  readonly indicators: readonly string[];
  readonly pairs: readonly IndicatorPair[];
  readonly reliabilities: readonly Reliability[];
  /** By id of the node or indicator. */
  readonly weights: ReadonlyMap<string, EffectiveWeight>;
  /** Removals of each indicator, by group. */
  readonly removals: readonly (readonly Removal[])[];
  /** Bodies whose entry or exit changes the order of others, the most pairs first. */
  readonly reversals: readonly Reversal[];
}

/**
 * Examines a level's method on the bodies ranked: how its indicators' scores go together (all pointing the same way: more is
 * better), whether dimensions measure one thing, what weights do in truth, what each indicator does to the ranking, and
 * whether the order of bodies hangs on who else takes part.
 */
export function examineLevel(
  specification: Specification,
  panel: Panel,
  evaluation: Evaluation,
  groups: readonly RankedGroup[],
  settle: (scores: Float64Array) => void,
  solver?: Solver,
): LevelExamination {
  const { tree } = specification;
  const units = Int32Array.from(groups.flatMap((group) => [...group.units])).sort();
  const scoresAt = (position: number) => {
    const scores = evaluation.nodes.score[position] as Float64Array;
    return Float64Array.from(units, (unit) => scores[unit] as number);
  };
  const indicators = [...tree.columns].map((position) => ({
    id: tree.items[position]?.id ?? "",
    scores: scoresAt(position),
  }));
  const weights = reportWeights(tree, evaluation.weights, evaluation.nodes);
  return {
    indicators: indicators.map(({ id }) => id),
    pairs: indicators.flatMap((one, place) =>
      indicators
        .slice(place + 1)
        .map((other) => ({ one: one.id, other: other.id, ...associate(one.scores, other.scores) })),
    ),
    reliabilities: tree.items.flatMap(({ id, children }) =>
      children.length > 1
        ? [{ node: id, children: children.length, alpha: cronbachAlpha(children.map(scoresAt)) }]
        : [],
    ),
    weights: new Map(tree.items.map(({ id }, at) => [id, weights[at] as EffectiveWeight])),
    removals: groups.map((group) =>
      removeEach(specification, panel, evaluation, group, settle, solver),
    ),
    reversals: findReversals(
      specification,
      panel,
      [...new Set([...units].map((unit) => panel.entity[unit] as string))].sort(),
      solver,
    ).toSorted((a, b) => b.pairs - a.pairs),
  };
}

/** Correlations from which two indicators say nearly the same, or point against each other. Our choice. */
export const REDUNDANT = 0.9;
export const OPPOSED = -0.4;

/** Whether a pair needs a look; against each other only where chance alone would rarely have it so (1.96 ÷ √n). */
export function judgePair({ pearson, units }: Association): "redundant" | "opposed" | undefined {
  if (pearson > REDUNDANT) return "redundant";
  return pearson < Math.min(OPPOSED, -1.96 / Math.sqrt(units)) ? "opposed" : undefined;
}
