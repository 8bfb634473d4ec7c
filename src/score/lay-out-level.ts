import type { Panel } from "../composite/panel.ts";
import { type Specification, specify } from "../composite/specification.ts";
import type { Context } from "../context.ts";
import type { RankedGroup } from "../uncertainty/rank-table.ts";
import { toGrid } from "./grid.ts";
import { layOutPanel } from "./panel.ts";
import type { Ranked } from "./rank.ts";
import type { Sheets } from "./sheets.ts";
import type { WorkedOut } from "./work-out.ts";

/** One level of the context's own period, ready to be evaluated in other ways. */
export interface LaidOutLevel {
  readonly level: string;
  readonly specification: Specification;
  readonly panel: Panel;
  /** Numbers of the units, in the order of the panel's rows. */
  readonly units: readonly number[];
  /** The period's peer classes, ranked as stated. */
  readonly groups: readonly (RankedGroup & { readonly peerClass: string })[];
  /** Turns scores of the trees into those ranked, in place. */
  readonly settle: (scores: Float64Array) => void;
}

/** The levels of the standard in which somebody is ranked. */
export function layOutLevels(context: Context, worked: WorkedOut): LaidOutLevel[] {
  const { standard } = context;
  return Object.keys(standard.levels).flatMap((level) => {
    const specification = specify(standard, level, context.indicators);
    const units = pickUnits(context, worked, level, specification);
    const groups = groupRanked(context, units, worked.ranked);
    if (groups.length === 0) return [];
    const panel = layOutPanel(context, worked.evidence, specification, units);
    const settle = makeSettle(context, units, worked.sheets);
    return [{ level, specification, panel, units, groups, settle }];
  });
}

/** Units of the period; of all periods where some rule looks beyond its own. */
function pickUnits(
  { periods, period, standard }: Context,
  { evidence }: WorkedOut,
  level: string,
  { leaves }: Specification,
): number[] {
  const rules = leaves.flatMap(({ normalisation, treatment, imputation }) => [
    normalisation,
    treatment,
    imputation,
  ]);
  const inTime =
    (standard.uncertainty?.imputations.length ?? 0) > 0 ||
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
): LaidOutLevel["groups"] {
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
