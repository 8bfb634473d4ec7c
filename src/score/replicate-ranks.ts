import type { Context } from "../context.ts";
import { planDraws } from "../uncertainty/design.ts";
import type { Design } from "../uncertainty/draw.ts";
import type { Ground } from "../uncertainty/evaluate-draws.ts";
import { type Replicated, replicate } from "../uncertainty/replicate.ts";
import { listWays } from "../uncertainty/ways.ts";
import { openWorlds } from "../uncertainty/worlds.ts";
import { listCounts } from "./counts.ts";
import { type LaidOutLevel, layOutLevels } from "./lay-out-level.ts";
import type { WorkedOut } from "./work-out.ts";

/** One level made ready for replications. */
export interface ReplicableLevel extends LaidOutLevel {
  readonly ground: Ground;
  readonly design: Design;
}

export interface ReplicatedLevel extends ReplicableLevel {
  readonly result: Replicated;
}

/**
 * Ranks the context's own period again under many draws of weights, choices and counts, as the standard's `uncertainty` says.
 * The seed is the context's, so that the same run gives the same draws.
 * @returns nothing where the standard says nothing of uncertainty
 */
export async function replicateRanks(
  context: Context,
  worked: WorkedOut,
): Promise<ReplicatedLevel[]> {
  const levels = await layOutReplications(context, worked);
  return levels.map((level) => ({
    ...level,
    result: replicate(level.ground, level.design, level.groups, level.settle),
  }));
}

/**
 * Everything replications need, level by level.
 * @param replications instead of the standard's number
 */
export async function layOutReplications(
  context: Context,
  worked: WorkedOut,
  replications?: number,
): Promise<ReplicableLevel[]> {
  const { standard, seed } = context;
  const { uncertainty } = standard;
  if (!uncertainty) return [];
  const ways = listWays(standard, uncertainty);
  return layOutLevels(context, worked).map((laidOut) => {
    const { specification, panel, units } = laidOut;
    const counts = uncertainty.counts
      ? listCounts(context, worked, specification, panel, units)
      : [];
    const design = planDraws(specification.tree, {
      seed,
      replications: replications ?? uncertainty.replications,
      spread: uncertainty.weights?.spread,
      ways: {
        normalisation: ways.normalisation.length,
        aggregation: ways.aggregation.length,
        treatment: ways.treatment.length,
        imputation: ways.imputation.length,
      },
      counts: counts.length > 0,
      sensitivity: uncertainty.sensitivity,
    });
    const { multipliers } = design;
    const prior = uncertainty.counts?.prior ?? 0.5;
    const ground = {
      specification,
      panel,
      ways,
      multipliers,
      openWorlds: () => openWorlds(counts, prior, seed),
      solver: worked.solver,
    };
    return { ...laidOut, ground, design };
  });
}
