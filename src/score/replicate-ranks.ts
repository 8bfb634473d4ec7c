import { type Specification, specify } from "../composite/specification.ts";
import type { Context } from "../context.ts";
import type { Uncertainty } from "../standard/uncertainty-schema.ts";
import { planDraws } from "../uncertainty/design.ts";
import type { Design } from "../uncertainty/draw.ts";
import type { Ground } from "../uncertainty/evaluate-draws.ts";
import type { RankedGroup } from "../uncertainty/rank-table.ts";
import { type Replicated, replicate } from "../uncertainty/replicate.ts";
import { listWays } from "../uncertainty/ways.ts";
import { openWorlds } from "../uncertainty/worlds.ts";
import { listCounts, readCounts } from "./counts.ts";
import type { Evidence } from "./evidence.ts";
import { toGrid } from "./grid.ts";
import { layOutPanel } from "./panel.ts";
import type { Ranked } from "./rank.ts";
import type { Sheets } from "./sheets.ts";
import type { WorkedOut } from "./work-out.ts";

/** One level made ready for replications. */
export interface ReplicableLevel {
  readonly level: string;
  readonly ground: Ground;
  readonly design: Design;
  readonly groups: readonly (RankedGroup & { readonly peerClass: string })[];
  /** Codes of the bodies, by unit of the panel. */
  readonly entity: readonly string[];
  /** Turns scores of the trees into those ranked, in place. */
  readonly settle: (scores: Float64Array) => void;
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

/** Everything replications need, level by level. */
export async function layOutReplications(
  context: Context,
  { evidence, ranked, sheets, solver }: WorkedOut,
): Promise<ReplicableLevel[]> {
  const { standard, seed } = context;
  const { uncertainty } = standard;
  if (!uncertainty) return [];
  const counted = uncertainty.counts ? await readCounts(context) : new Map();
  const ways = listWays(standard, uncertainty);
  return Object.keys(standard.levels).flatMap((level) => {
    const specification = specify(standard, level, context.indicators);
    const units = pickUnits(context, evidence, level, specification, uncertainty);
    const groups = groupRanked(context, units, ranked);
    if (groups.length === 0) return [];
    const panel = layOutPanel(context, evidence, specification, units);
    const counts = listCounts(context, evidence, specification, panel, units, counted);
    const design = planDraws(specification.tree, {
      seed,
      replications: uncertainty.replications,
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
    const worlds = openWorlds(counts, uncertainty.counts?.prior ?? 0.5, seed);
    return [
      {
        level,
        ground: { specification, panel, ways, multipliers, worlds, solver },
        design,
        groups,
        entity: panel.entity,
        settle: makeSettle(context, units, sheets),
      },
    ];
  });
}

/** Units of the period; of all periods where some rule looks beyond its own. */
function pickUnits(
  { periods, period }: Context,
  evidence: Evidence,
  level: string,
  { leaves }: Specification,
  uncertainty: Uncertainty,
): number[] {
  const rules = leaves.flatMap(({ normalisation, treatment, imputation }) => [
    normalisation,
    treatment,
    imputation,
  ]);
  const inTime =
    uncertainty.imputations.length > 0 ||
    rules.some(
      (rule) =>
        rule &&
        (("reference_period" in rule && rule.reference_period !== undefined) ||
          rule.method === "last_observation" ||
          rule.method === "linear"),
    );
  const place = periods.findIndex(({ id }) => id === period.id);
  return evidence.units.flatMap((unit, number) =>
    unit.level === level && (inTime || unit.period === place) ? [number] : [],
  );
}

/** The period's peer classes in the order of their ranking; bodies that share a rank stand by their code. */
function groupRanked(
  { periods, period }: Context,
  units: readonly number[],
  ranked: readonly Ranked[],
): ReplicableLevel["groups"] {
  const place = periods.findIndex(({ id }) => id === period.id);
  const classes = new Map<string, { row: number; rank: number; entity: string }[]>();
  units.forEach((number, row) => {
    const { unit, rank } = ranked[number] as Ranked;
    if (unit.period !== place || rank === undefined) return;
    const members = classes.get(unit.peerClass) ?? [];
    classes.set(unit.peerClass, members);
    members.push({ row, rank, entity: unit.entity });
  });
  return [...classes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([peerClass, members]) => {
      members.sort((a, b) => a.rank - b.rank || (a.entity < b.entity ? -1 : 1));
      return {
        peerClass,
        units: Int32Array.from(members, ({ row }) => row),
        stated: Int32Array.from(members, ({ rank }) => rank),
      };
    });
}

/** Adds what records give and take, which no draw touches, keeps the bounds, and goes to the grid, as the scores themselves do. */
function makeSettle(
  { standard: { bounds } }: Context,
  units: readonly number[],
  sheets: Sheets,
): (scores: Float64Array) => void {
  const width = sheets.slots.length;
  const records = Float64Array.from(units, (unit) => {
    let points = 0;
    for (let slot = sheets.indicators; slot < width - 2; slot++) {
      points += sheets.points[unit * width + slot] || 0;
    }
    return points;
  });
  const maximum = bounds.maximum ?? Number.POSITIVE_INFINITY;
  return (scores) => {
    for (let unit = 0; unit < scores.length; unit++) {
      const score = toGrid(scores[unit] as number) + (records[unit] as number);
      scores[unit] = Math.min(maximum, Math.max(bounds.minimum, score));
    }
  };
}
