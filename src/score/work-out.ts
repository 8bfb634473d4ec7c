import { loadSolver, needsSolver, type Solver } from "../composite/solver.ts";
import { layOutTrees } from "../composite/tree.ts";
import type { Context } from "../context.ts";
import { assessTrees, type Treated } from "./assess.ts";
import { type CountedValues, readCounts } from "./counts.ts";
import { type Evidence, readEvidence } from "./evidence.ts";
import { type Ranked, rankUnits } from "./rank.ts";
import { settleIndexes } from "./settle.ts";
import { openSheets, type Sheets } from "./sheets.ts";
import { type ShrunkValue, shrinkValues } from "./shrink-values.ts";

/** Scores and ranks in memory, nothing of them written. */
export interface WorkedOut {
  readonly evidence: Evidence;
  /** What is behind values, where the standard asks for it; and those drawn towards their peers'. */
  readonly counted: CountedValues;
  readonly shrunk: readonly ShrunkValue[];
  /** Outliers that were treated. */
  readonly treated: readonly Treated[];
  readonly sheets: Sheets;
  /** By unit. */
  readonly ranked: readonly Ranked[];
  readonly solver: Solver | undefined;
}

/**
 * Scores and ranks every body of the standard's levels for all periods, from the run's facts.
 * @param detailed places of the periods whose losses are split by category
 */
export async function workOut(
  context: Context,
  detailed: ReadonlySet<number> = new Set(),
): Promise<WorkedOut> {
  const read = await readEvidence(context);
  const { standard } = context;
  const counts = standard.uncertainty?.counts || standard.indicators.some((entry) => entry.shrink);
  const counted: CountedValues = counts ? await readCounts(context) : new Map();
  const { evidence, shrunk } = shrinkValues(context, read, counted);
  const trees = layOutTrees(context.standard);
  const sheets = openSheets(
    context.standard,
    evidence.units.map(({ level }) => trees.get(level)?.items.length ?? 0),
  );
  const solver = usesSolver(context) ? await loadSolver() : undefined;
  const { results, treated } = assessTrees(context, evidence, sheets, detailed, solver);
  const ranked = rankUnits(context, evidence, settleIndexes(context, evidence, results, sheets));
  return { evidence, counted, shrunk, treated, sheets, ranked, solver };
}

function usesSolver({ standard }: Context): boolean {
  const alternatives = standard.uncertainty?.aggregations ?? [];
  return (
    needsSolver(standard) || alternatives.some(({ use }) => use.method === "benefit_of_the_doubt")
  );
}
