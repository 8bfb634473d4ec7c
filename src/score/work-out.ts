import { loadSolver, needsSolver, type Solver } from "../composite/solver.ts";
import { layOutTrees } from "../composite/tree.ts";
import type { Context } from "../context.ts";
import { assessTrees } from "./assess.ts";
import { type Evidence, readEvidence } from "./evidence.ts";
import { type Ranked, rankUnits } from "./rank.ts";
import { settleIndexes } from "./settle.ts";
import { openSheets, type Sheets } from "./sheets.ts";

/** Scores and ranks in memory, nothing of them written. */
export interface WorkedOut {
  readonly evidence: Evidence;
  readonly sheets: Sheets;
  /** By unit. */
  readonly ranked: readonly Ranked[];
  readonly solver: Solver | undefined;
}

/** Scores and ranks every body of the standard's levels for all periods, from the run's facts. */
export async function workOut(context: Context): Promise<WorkedOut> {
  const evidence = await readEvidence(context);
  const trees = layOutTrees(context.standard);
  const sheets = openSheets(
    context.standard,
    evidence.units.map(({ level }) => trees.get(level)?.items.length ?? 0),
  );
  const solver = usesSolver(context) ? await loadSolver() : undefined;
  const results = assessTrees(context, evidence, sheets, solver);
  const ranked = rankUnits(context, evidence, settleIndexes(context, evidence, results, sheets));
  return { evidence, sheets, ranked, solver };
}

function usesSolver({ standard }: Context): boolean {
  const alternatives = standard.uncertainty?.aggregations ?? [];
  return (
    needsSolver(standard) || alternatives.some(({ use }) => use.method === "benefit_of_the_doubt")
  );
}
