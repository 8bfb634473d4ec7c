import { rankDown } from "../composite/order.ts";
import type { Context } from "../context.ts";
import { periodLastYear, shiftPeriod } from "../period.ts";
import { tieTolerance } from "../standard/evaluation-standard.ts";
import type { Evidence, Unit } from "./evidence.ts";
import type { Settled } from "./settle.ts";

/** A body's place among its peers in one period. */
export interface Ranked extends Settled {
  readonly unit: Unit;
  /** Undefined when the body is not ranked. */
  readonly rank: number | undefined;
  /** How many of the peer class are ranked. */
  readonly rankedOf: number;
  /** Number of the same body's unit one period, and one year, earlier. */
  readonly previous: number | undefined;
  readonly lastYear: number | undefined;
}

/**
 * Ranks each period's peer classes on unrounded scores; equal scores, and those no further apart than the standard's
 * tolerance, share the better rank, and the next is left out (1, 2, 2, 4). A body with too little coverage is not ranked.
 */
export function rankUnits(
  context: Context,
  evidence: Evidence,
  settled: readonly Settled[],
): Ranked[] {
  const groups = new Map<string, number[]>();
  const byEntity = new Map<string, number>();
  evidence.units.forEach((unit, number) => {
    byEntity.set(`${unit.period}\n${unit.entity}`, number);
    const group = groups.get(groupKey(unit)) ?? [];
    groups.set(groupKey(unit), group);
    if (isCovered(context, unit, settled[number] as Settled)) group.push(number);
  });
  const score = (number: number) => (settled[number] as Settled).score;
  const ranks = new Map<number, number>();
  const tolerance = tieTolerance(context.standard);
  for (const group of groups.values()) {
    const places = rankDown(Float64Array.from(group, score), tolerance);
    group.forEach((number, place) => {
      ranks.set(number, places[place] as number);
    });
  }
  const earlier = earlierPeriods(context);
  return evidence.units.map((unit, number) => {
    const find = (period: number | undefined) =>
      period === undefined ? undefined : byEntity.get(`${period}\n${unit.entity}`);
    return {
      ...(settled[number] as Settled),
      unit,
      rank: ranks.get(number),
      rankedOf: groups.get(groupKey(unit))?.length ?? 0,
      previous: find(earlier.previous[unit.period]),
      lastYear: find(earlier.lastYear[unit.period]),
    };
  });
}

/** Whether enough of a body's weight is assessed for it to be compared. */
export function isCovered(context: Context, unit: Unit, result: Settled): boolean {
  const level = context.standard.levels[unit.level];
  return (
    level !== undefined &&
    !Number.isNaN(result.score) &&
    result.coverage >= level.minimum_coverage - 1e-9 &&
    result.assessed >= level.minimum_assessed - 1e-9
  );
}

function groupKey({ period, level, peerClass }: Unit): string {
  return `${period}\n${level}\n${peerClass}`;
}

function earlierPeriods({ periods }: Context) {
  const places = new Map(periods.map(({ id }, place) => [id, place]));
  return {
    previous: periods.map((period) => places.get(shiftPeriod(period, -1).id)),
    lastYear: periods.map((period) => places.get(periodLastYear(period).id)),
  };
}
