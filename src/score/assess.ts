import { type Attribution, attribute, pointsOf } from "../composite/attribute.ts";
import { type Evaluation, evaluate } from "../composite/evaluate.ts";
import type { Scale } from "../composite/scale.ts";
import type { Solver } from "../composite/solver.ts";
import { type Specification, specify } from "../composite/specification.ts";
import type { TreeItem } from "../composite/tree.ts";
import type { Context } from "../context.ts";
import type { Evidence } from "./evidence.ts";
import { splitOnGrid, toGrid } from "./grid.ts";
import { layOutPanel } from "./panel.ts";
import { ASSESSED, IMPUTED, NO_DATA, NOT_APPLICABLE, type Sheets, TOO_FEW } from "./sheets.ts";
import { countTurns } from "./turns.ts";

/** The tree's result for one body and period. */
export interface TreeResult {
  /** Score of the index before deductions and bonuses, on the grid; NaN when there is none. */
  readonly score: number;
  /** Observed share of the applicable weight, and of all weight. */
  readonly coverage: number;
  readonly assessed: number;
}

/** What was done about an indicator's outliers among the bodies of one comparison. */
export interface Treated {
  readonly indicator: string;
  readonly level: string;
  /** Place of the period. */
  readonly period: number;
  readonly winsorised: number;
  readonly transformed: string | undefined;
}

/** Everything worked out for the bodies of one level, in all periods. */
interface Level {
  readonly context: Context;
  readonly evidence: Evidence;
  readonly specification: Specification;
  readonly evaluation: Evaluation;
  readonly attribution: Attribution;
  /** Points of the whole tree. */
  readonly whole: number;
  readonly sheets: Sheets;
}

/**
 * Evaluates every level's bodies, and writes their nodes, the points of their indicators and how far these can be split
 * by category onto the sheets.
 * @param detailed places of the periods whose splits are wanted: of a large standard they are most of what is in memory
 * @param solver needed where the standard weighs by optimisation
 */
export function assessTrees(
  context: Context,
  evidence: Evidence,
  sheets: Sheets,
  detailed: ReadonlySet<number>,
  solver?: Solver,
): { readonly results: readonly TreeResult[]; readonly treated: readonly Treated[] } {
  const treated: Treated[] = [];
  const results: TreeResult[] = new Array(evidence.units.length);
  for (const name of Object.keys(context.standard.levels)) {
    const specification = specify(context.standard, name, context.indicators);
    const units = evidence.units.flatMap(({ level }, unit) => (level === name ? [unit] : []));
    const panel = layOutPanel(context, evidence, specification, units);
    const evaluation = evaluate(specification, panel, solver);
    const { weights, nodes } = evaluation;
    const attribution = attribute(specification, panel, weights, nodes);
    const whole = weights[0] as number;
    const level = { context, evidence, specification, evaluation, attribution, whole, sheets };
    units.forEach((unit, row) => {
      writeNodes(level, unit, row);
      writePoints(level, unit, row);
      const known = evaluation.available[0]?.[row] as number;
      results[unit] = {
        score: toGrid(nodes.score[0]?.[row] as number),
        coverage: coverageOf(level, 0, unit, row),
        assessed: known / whole,
      };
    });
    writeSplits(level, units, detailed);
    for (const { column, unit, winsorised, transformed } of evaluation.decisions) {
      if (winsorised === 0 && transformed === undefined) continue;
      const indicator = specification.leaves[column]?.id as string;
      const period = panel.period[unit] as number;
      treated.push({ indicator, level: name, period, winsorised, transformed });
    }
  }
  return { results, treated };
}

/**
 * Observed share of the applicable weight of a node, or of an indicator itself: the availability beside its score.
 * What was imputed has a score, but is not observed.
 */
function coverageOf(level: Level, position: number, unit: number, row: number): number {
  const { evidence, specification, evaluation, context } = level;
  const { nodes } = evaluation;
  const { leaf, column } = specification.tree.items[position] as TreeItem;
  if (leaf >= 0) {
    if (evaluation.imputed[column * evaluation.screened.kept.length + row]) return 0;
    const drops = context.standard.missing.not_applicable === "excluded";
    const state = evidence.state[unit * evidence.leaves.length + leaf];
    if (drops && state === NOT_APPLICABLE) return 0;
    return Number.isNaN(nodes.score[position]?.[row]) ? 0 : 1;
  }
  const applicable = nodes.applicable[position]?.[row] as number;
  const known = evaluation.available[position]?.[row] as number;
  return applicable > 0 ? Math.min(1, known / applicable) : 0;
}

function writeNodes(level: Level, unit: number, row: number): void {
  const { evidence, specification, evaluation, attribution, whole } = level;
  const { nodes } = level.sheets;
  specification.tree.items.forEach((item, position) => {
    const place = (nodes.start[unit] as number) + position;
    nodes.unit[place] = unit;
    nodes.node[place] = item.place;
    nodes.state[place] = stateOf(level, item, position, unit, row);
    if (item.leaf >= 0) {
      nodes.value[place] = evidence.value[unit * evidence.leaves.length + item.leaf] as number;
    }
    nodes.score[place] = evaluation.nodes.score[position]?.[row] as number;
    nodes.nominal[place] = (evaluation.weights[position] as number) / whole;
    nodes.share[place] = attribution.share[position]?.[row] as number;
    nodes.coverage[place] = coverageOf(level, position, unit, row);
  });
}

function stateOf(
  { evidence, evaluation }: Level,
  { leaf, column }: TreeItem,
  position: number,
  unit: number,
  row: number,
): number {
  const { score, applicable, assessed } = evaluation.nodes;
  const scored = !Number.isNaN(score[position]?.[row]);
  if (leaf >= 0) {
    const fact = evidence.state[unit * evidence.leaves.length + leaf] as number;
    if (scored)
      return evaluation.imputed[column * evaluation.screened.kept.length + row]
        ? IMPUTED
        : ASSESSED;
    // A value that cannot be scored lacks peers to compare it with.
    return fact === ASSESSED ? TOO_FEW : fact;
  }
  if (scored) return ASSESSED;
  if (applicable[position]?.[row] === 0) return NOT_APPLICABLE;
  return assessed[position]?.[row] === 0 ? NO_DATA : TOO_FEW;
}

function writePoints(level: Level, unit: number, row: number): void {
  const { specification, evaluation, attribution, sheets } = level;
  const { nodes } = evaluation;
  if (Number.isNaN(nodes.score[0]?.[row])) return;
  const counted = specification.tree.items.flatMap(({ leaf }, position) =>
    leaf >= 0 && !Number.isNaN(attribution.share[position]?.[row]) ? [position] : [],
  );
  const parts = counted.map((position) => pointsOf(attribution, nodes, position, row));
  const exact = splitOnGrid(parts, nodes.score[0]?.[row] as number);
  counted.forEach((position, place) => {
    const { leaf } = specification.tree.items[position] as TreeItem;
    sheets.points[unit * sheets.slots.length + leaf] = exact[place] as number;
    sheets.share[unit * sheets.indicators + leaf] = attribution.share[position]?.[row] as number;
  });
}

/**
 * What indicators lost that their categories can explain: ratios whose score falls evenly with the distance from a
 * reference value. Values divided, imputed, shrunk or transformed on the way are no longer those of the categories.
 */
function writeSplits(level: Level, units: readonly number[], detailed: ReadonlySet<number>): void {
  const { context, evidence, specification, evaluation, attribution, sheets } = level;
  specification.leaves.forEach((leaf, column) => {
    const indicator = context.indicators.get(leaf.id);
    const shrunk = context.standard.indicators.some(
      (entry) => entry.indicator === leaf.id && entry.shrink,
    );
    if (indicator?.aggregate !== "ratio" || leaf.denominator || leaf.treatment || shrunk) return;
    // Below a node that turns scores round, what costs points is not what falls short of the better end.
    if (countTurns(context.standard, leaf.id) > 0) return;
    const position = specification.tree.columns[column] as number;
    const { leaf: slot } = specification.tree.items[position] as TreeItem;
    const scored = evaluation.scales.get(column);
    scored?.comparisons.forEach(({ using }, comparison) => {
      const linear: Scale["linear"] = scored.scales[comparison]?.linear;
      if (!linear) return;
      for (const row of using) {
        if (!detailed.has(evidence.units[units[row] as number]?.period as number)) continue;
        const share = attribution.share[position]?.[row] as number;
        const score = evaluation.nodes.score[position]?.[row] as number;
        const lost = linear.best - score;
        if (Number.isNaN(share) || !(lost > 0)) continue;
        if (evaluation.imputed[column * units.length + row]) continue;
        sheets.splits.push({
          unit: units[row] as number,
          slot,
          lost: share * (attribution.leverage[position]?.[row] as number) * lost,
          reference: linear.reference / indicator.scale,
          sign: leaf.direction === "higher" ? 1 : -1,
        });
      }
    });
  });
}
