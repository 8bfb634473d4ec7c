import { aggregate } from "./aggregate.ts";
import { countAvailable } from "./availability.ts";
import { denominate } from "./denominate.ts";
import { impute } from "./impute.ts";
import { type NodeScores, openScores } from "./node-scores.ts";
import { type ColumnScales, normalise } from "./normalise.ts";
import type { Panel } from "./panel.ts";
import { type Screened, screen } from "./screen.ts";
import type { Solver } from "./solver.ts";
import type { Specification } from "./specification.ts";
import { type TreatmentDecision, treat } from "./treat.ts";
import { weigh } from "./weigh.ts";

/** Values after denominating, screening and imputing: what treatment starts from. */
export interface Prepared {
  readonly values: Float64Array;
  readonly screened: Screened;
  /** 1 where a value was put in. */
  readonly imputed: Uint8Array;
}

/** All stages of one evaluation. */
export interface Evaluation extends Prepared {
  readonly treated: Float64Array;
  readonly decisions: readonly TreatmentDecision[];
  /** Scores of the leaves, one column after the other. */
  readonly leaves: Float64Array;
  readonly scales: ReadonlyMap<number, ColumnScales>;
  /** Points by position in the tree. */
  readonly weights: Float64Array;
  readonly nodes: NodeScores;
  /** Points below each node that rest on observed values, by position, then unit. */
  readonly available: readonly Float64Array[];
}

/**
 * Works everything out, stage by stage: denominate, screen, impute, treat, normalise, weigh, aggregate.
 * Each stage can be called by itself; what comes before it need not run again:
 *
 *     const base = evaluate(specification, panel, solver);
 *     const nodes = openScores(specification.tree, panel);
 *     for (const weights of draws) aggregate(specification, panel, base.leaves, weights, nodes);
 *
 * @param solver needed where a node takes benefit of the doubt or equal influence (`loadSolver`)
 * @throws Error in a sentence when the values forbid a rule of the specification
 */
export function evaluate(specification: Specification, panel: Panel, solver?: Solver): Evaluation {
  const prepared = prepare(specification, panel);
  const treated = prepared.values.slice();
  const decisions = treat(specification, panel, treated);
  const leaves = new Float64Array(treated.length);
  const scales = normalise(specification, panel, treated, leaves);
  const nodes = openScores(specification.tree, panel, solver);
  const weights = weigh(specification, panel, leaves, nodes);
  aggregate(specification, panel, leaves, weights, nodes);
  const { imputed } = prepared;
  const available = countAvailable(specification.tree, panel, weights, imputed, nodes);
  return { ...prepared, treated, decisions, leaves, scales, weights, nodes, available };
}

/** Denominates, screens and imputes; whether screening or imputing comes first is the screening rule's choice. */
export function prepare(specification: Specification, panel: Panel): Prepared {
  const values = denominate(specification, panel);
  if (specification.screening?.counts === "imputed") {
    const imputed = impute(specification, panel, values);
    return { values, imputed, screened: screen(specification, panel, values) };
  }
  const screened = screen(specification, panel, values);
  return { values, screened, imputed: impute(specification, panel, values, screened.kept) };
}
