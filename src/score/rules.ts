import type { Decay, EvaluationStandard, Schedule, Veto } from "../standard/evaluation-standard.ts";
import type { Item } from "./evidence.ts";
import { toGrid } from "./grid.ts";

/** A deduction, bonus or veto; the number of a rule is its position in this list. */
export function listRules(standard: EvaluationStandard): readonly (Schedule | Veto)[] {
  return [...standard.deductions, ...standard.bonuses, ...standard.vetoes];
}

/** Points of one record, as a positive number on the grid. */
export interface RecordPoints {
  readonly item: Item;
  readonly points: number;
}

/**
 * What each record takes or gives under a schedule.
 * @throws Error in a sentence when the schedule does not know a record's category: what it costs must be decided, not guessed
 */
export function rateRecords(
  standard: EvaluationStandard,
  schedule: Schedule,
  items: readonly Item[],
): RecordPoints[] {
  return items.map((item) => {
    const points = schedule.points[item.category];
    if (points === undefined) {
      throw new Error(
        `The record ${item.recordKey} of ${schedule.indicator} has the category "${item.category}", which "${schedule.id}" in the standard ${standard.id} gives no points. Add the category under points (0, if it shall not count), or correct the record.`,
      );
    }
    return { item, points: toGrid(points * remaining(schedule.decay, item.age)) };
  });
}

/** Share of a record's points that is left after so many whole calendar months. */
export function remaining(decay: Decay, age: number): number {
  switch (decay.method) {
    case "none":
      return 1;
    case "half_life":
      return 0.5 ** (age / decay.months);
    case "linear":
      return Math.max(0, 1 - age / decay.months);
  }
}

/** Whether a rule is for a level at all. */
export function appliesTo(rule: Schedule | Veto, level: string): boolean {
  return rule.levels === undefined || rule.levels.includes(level);
}
