import type { Context } from "../context.ts";
import { findBand, type Grade } from "../standard/evaluation-standard.ts";
import type { TreeResult } from "./assess.ts";
import type { Evidence, Item } from "./evidence.ts";
import { toGrid } from "./grid.ts";
import { appliesTo, listRules, rateRecords } from "./rules.ts";
import type { Sheets } from "./sheets.ts";

/** A body's index and grade in one period. */
export interface Settled extends TreeResult {
  readonly grade: Grade | undefined;
  readonly gradeBeforeVeto: Grade | undefined;
  /** Id of the veto that lowered the grade. */
  readonly vetoedBy: string | undefined;
}

/**
 * Takes deductions, gives bonuses, keeps the index within its bounds, and grades it.
 * All points are on the grid, so the index is the exact sum of its contributions.
 */
export function settleIndexes(
  context: Context,
  evidence: Evidence,
  trees: readonly TreeResult[],
  sheets: Sheets,
): Settled[] {
  return trees.map((tree, unit) => {
    if (Number.isNaN(tree.score)) {
      return { ...tree, grade: undefined, gradeBeforeVeto: undefined, vetoedBy: undefined };
    }
    const score = keepBounds(
      context,
      unit,
      addRecords(context, evidence, unit, tree, sheets),
      sheets,
    );
    return { ...tree, score, ...gradeIndex(context, evidence, unit, score) };
  });
}

function addRecords(
  context: Context,
  evidence: Evidence,
  unit: number,
  tree: TreeResult,
  sheets: Sheets,
): number {
  const { standard } = context;
  const schedules = [...standard.deductions, ...standard.bonuses];
  // Slots: indicators, then one for each schedule, then one for each schedule's limit.
  const first = standard.indicators.length;
  let score = tree.score;
  schedules.forEach((schedule, rule) => {
    const items = itemsOf(evidence, unit, rule, schedule);
    if (items.length === 0) return;
    const sign = rule < standard.deductions.length ? -1 : 1;
    const slot = first + rule;
    let sum = 0;
    for (const { item, points } of rateRecords(standard, schedule, items)) {
      sum += points;
      sheets.records.push({ unit, slot, points: sign * points + 0, ...place(item) });
    }
    score += addPoints(sheets, unit, slot, sign * sum);
    const maximum = toGrid(schedule.maximum);
    if (sum > maximum) {
      score += addPoints(sheets, unit, slot + schedules.length, sign * (maximum - sum));
    }
  });
  return score;
}

function addPoints(sheets: Sheets, unit: number, slot: number, points: number): number {
  sheets.points[unit * sheets.slots.length + slot] = points + 0;
  return points;
}

function place({ recordKey, occurredOn, fileId, line }: Item) {
  return { recordKey, occurredOn, fileId, line };
}

function itemsOf(
  evidence: Evidence,
  unit: number,
  rule: number,
  schedule: Parameters<typeof appliesTo>[0],
): readonly Item[] {
  const level = evidence.units[unit]?.level ?? "";
  return appliesTo(schedule, level) ? (evidence.items[rule]?.get(unit) ?? []) : [];
}

function keepBounds(context: Context, unit: number, score: number, sheets: Sheets): number {
  const { bounds } = context.standard;
  const minimum = toGrid(bounds.minimum);
  const maximum = bounds.maximum === undefined ? Number.POSITIVE_INFINITY : toGrid(bounds.maximum);
  const last = sheets.slots.length - 1;
  if (score < minimum) return score + addPoints(sheets, unit, last - 1, minimum - score);
  if (score > maximum) return score + addPoints(sheets, unit, last, maximum - score);
  return score;
}

/** Grade by the half-open band of the index. Limits lie on the grid as the index does: whoever reaches one is not rounded below it. */
function findGrade(grades: readonly Grade[], score: number): Grade {
  const limit = (points: number | undefined) => (points === undefined ? undefined : toGrid(points));
  const bands = grades.map(({ from, below }) => ({ from: limit(from), below: limit(below) }));
  return grades[bands.indexOf(findBand(bands, score))] as Grade;
}

/** Grade by the half-open band of the index; of the vetoes that hold, the one with the lowest cap counts. */
function gradeIndex(
  context: Context,
  evidence: Evidence,
  unit: number,
  score: number,
): Pick<Settled, "grade" | "gradeBeforeVeto" | "vetoedBy"> {
  const { standard } = context;
  const gradeBeforeVeto = findGrade(standard.grades, score);
  let place = standard.grades.indexOf(gradeBeforeVeto);
  let vetoedBy: string | undefined;
  listRules(standard).forEach((rule, number) => {
    if (!("cap" in rule)) return;
    const cap = standard.grades.findIndex(({ id }) => id === rule.cap);
    if (cap <= place || !holds()) return;
    place = cap;
    vetoedBy = rule.id;

    function holds(): boolean {
      if (!("cap" in rule)) return false;
      const { categories, above, below } = rule;
      const items = itemsOf(evidence, unit, number, rule);
      if (items.some(({ category }) => categories?.includes(category) ?? true)) return true;
      const leaf = evidence.leaves.indexOf(rule.indicator);
      if (leaf < 0 || !appliesTo(rule, evidence.units[unit]?.level ?? "")) return false;
      const value = evidence.value[unit * evidence.leaves.length + leaf] as number;
      return (above !== undefined && value > above) || (below !== undefined && value < below);
    }
  });
  return { grade: standard.grades[place], gradeBeforeVeto, vetoedBy };
}
