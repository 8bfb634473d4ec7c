import { aggregate } from "../composite/aggregate.ts";
import type { Evaluation } from "../composite/evaluate.ts";
import { openScores } from "../composite/node-scores.ts";
import type { Panel } from "../composite/panel.ts";
import { isCompared, type Scale } from "../composite/scale.ts";
import type { Solver } from "../composite/solver.ts";
import type { Specification } from "../composite/specification.ts";
import type { RankedGroup } from "../uncertainty/rank-table.ts";
import type { CaseKind, CasePart } from "./case-kind.ts";

/** The counted cases behind one value: scale × numerator ÷ denominator, drawn towards its peers' where there is a prior. */
export interface CountedCell {
  /** share: cases of so many cases; rate: cases on a denominator that is none. */
  readonly model: "share" | "rate";
  readonly numerator: number;
  readonly denominator: number;
  /** Rows of evidence. */
  readonly rows: number;
  /** With what the standard divides the value by in it. */
  readonly scale: number;
  /** With fewer rows there is no value. */
  readonly minimumSample: number;
  /** What holds without any rows. */
  readonly whenEmpty: "not_applicable" | "no_data" | "zero";
  readonly prior: { readonly a: number; readonly b: number } | undefined;
}

/** What one case does to one body. */
export interface CaseEffect {
  /** Row of the panel. */
  readonly row: number;
  /** Points its score rises; NaN where it is left without a score. */
  readonly points: number;
  /** Ranks it rises among its peers, whose scores stay. */
  readonly places: number;
}

/** One case of a kind more, or less. */
export interface OneCase {
  readonly kind: CaseKind;
  readonly change: "more" | "less";
  /** Of each ranked body it can happen to. */
  readonly effects: readonly CaseEffect[];
}

/** What trying cases needs of one level. */
export interface CaseGround {
  readonly specification: Specification;
  readonly panel: Panel;
  readonly evaluation: Evaluation;
  readonly units: readonly number[];
  readonly groups: readonly RankedGroup[];
  readonly settle: (scores: Float64Array) => void;
  /** As the panel's matrix lies. */
  readonly cells: readonly (CountedCell | undefined)[];
  readonly solver: Solver | undefined;
}

/**
 * What one case more or less of each kind does to each body's score and rank: its counts change in all the indicators such a
 * record stands in, everything else stays: weights, the ends of scales drawn among peers, what a value is shrunk towards,
 * the scores of others, and the points of single records. A case more is tried on every body that has a value there, a case
 * less where it has one. Values whose outliers are treated, amounts and medians stay as they are.
 */
export function tryOneCase(ground: CaseGround, kinds: readonly CaseKind[]): OneCase[] {
  const base = settled(ground, ground.evaluation.nodes.score[0] as Float64Array);
  const standings = ground.groups.map((group) => standOf(group, base));
  const { leaves, tolerance } = ground.specification;
  const columns = new Map(leaves.map(({ id }, column) => [id, column]));
  const trial = openTrial(ground);
  return kinds.flatMap((kind) =>
    (["more", "less"] as const).map((change): OneCase => {
      const scores = trial(kind, change, columns);
      const effects = ground.groups.flatMap((group, place) =>
        [...group.units].flatMap((row): CaseEffect[] => {
          const score = scores.get(row);
          if (score === undefined) return [];
          const before = base[row] as number;
          const rank = (of: number) =>
            countAhead(standings[place] as Float64Array, of, before, tolerance);
          return [{ row, points: score - before, places: rank(before) - rank(score) }];
        }),
      );
      return { kind, change, effects };
    }),
  );
}

function settled({ settle }: CaseGround, scores: Float64Array): Float64Array {
  const own = scores.slice();
  settle(own);
  return own;
}

/** Scores of a group from the best down. */
function standOf({ units }: RankedGroup, scores: Float64Array): Float64Array {
  return Float64Array.from(units, (row) => scores[row] as number)
    .sort()
    .reverse();
}

/** Others of the group that stand ahead of a score by more than the tolerance; `own` is the body's among them. */
function countAhead(standing: Float64Array, score: number, own: number, tolerance: number): number {
  if (Number.isNaN(score)) return standing.length - 1;
  let from = 0;
  let to = standing.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((standing[middle] as number) > score + tolerance) from = middle + 1;
    else to = middle;
  }
  return own > score + tolerance ? from - 1 : from;
}

type Trial = (
  kind: CaseKind,
  change: OneCase["change"],
  columns: ReadonlyMap<string, number>,
) => ReadonlyMap<number, number>;

/** Changes the cells of all bodies a case can happen to and aggregates once, or body by body where a tree compares bodies. */
function openTrial(ground: CaseGround): Trial {
  const { specification, panel, evaluation, units, groups } = ground;
  const nodes = openScores(specification.tree, panel, ground.solver);
  const scales = findScales(ground);
  const ranked = groups.flatMap((group) => [...group.units]);
  const compares = comparesBodies(specification);
  return (kind, change, columns) => {
    const sign = change === "more" ? 1 : -1;
    const able = ranked.filter((row) => change === "more" || kind.cases.has(units[row] as number));
    const changes = able
      .map((row) => ({ row, cells: changeCells(ground, scales, kind.parts, sign, row, columns) }))
      .filter(({ cells }) => cells.length > 0);
    const found = new Map<number, number>();
    const passes = compares ? changes.map((one) => [one]) : [changes];
    for (const pass of passes) {
      if (pass.length === 0) continue;
      const leaves = evaluation.leaves.slice();
      const inapplicable = panel.inapplicable?.slice() ?? new Uint8Array(leaves.length);
      for (const { cells } of pass) {
        for (const { cell, score, applies } of cells) {
          leaves[cell] = score;
          if (!applies) inapplicable[cell] = 1;
        }
      }
      const changed = { ...panel, inapplicable };
      aggregate(specification, changed, leaves, evaluation.weights, nodes);
      const scores = settled(ground, nodes.score[0] as Float64Array);
      for (const { row } of pass) found.set(row, scores[row] as number);
    }
    return found;
  };
}

interface ChangedCell {
  readonly cell: number;
  readonly score: number;
  readonly applies: boolean;
}

function changeCells(
  { panel, specification, evaluation, cells }: CaseGround,
  scales: readonly (Scale | undefined)[],
  parts: readonly CasePart[],
  sign: number,
  row: number,
  columns: ReadonlyMap<string, number>,
): ChangedCell[] {
  return parts.flatMap((part): ChangedCell[] => {
    const column = columns.get(part.indicator);
    if (column === undefined || specification.leaves[column]?.treatment) return [];
    const at = column * panel.units + row;
    const [cell, scale] = [cells[at], scales[at]];
    if (!cell || !scale || Number.isNaN(evaluation.leaves[at])) return [];
    // A value that is not its own counts' (put in for a missing one) does not follow them.
    const stated = evaluation.treated[at] as number;
    if (!(Math.abs(valueOfCounts(cell) - stated) <= 1e-9 * Math.max(1, Math.abs(stated))))
      return [];
    const after = {
      ...cell,
      numerator: cell.numerator + sign * part.numerator,
      denominator: cell.denominator + sign * part.denominator,
      rows: cell.rows + sign * part.rows,
    };
    const value = valueOfCounts(after);
    const score = Number.isNaN(value) ? Number.NaN : scale.score(value);
    return [{ cell: at, score, applies: after.rows > 0 || cell.whenEmpty !== "not_applicable" }];
  });
}

/** The value of counts, by the rules of measuring and shrinking; NaN where there is none. */
function valueOfCounts({ numerator, denominator, ...cell }: CountedCell): number {
  if (cell.rows === 0) return cell.whenEmpty === "zero" ? 0 : Number.NaN;
  if (cell.rows < cell.minimumSample || !(denominator > 0)) return Number.NaN;
  const { a, b } = cell.prior ?? { a: 0, b: 0 };
  const whole = cell.model === "share" ? denominator + a + b : denominator + b;
  return (cell.scale * (numerator + a)) / whole;
}

/** The scale of each value, as it is for the values that are there. */
function findScales({ panel, specification, evaluation }: CaseGround): (Scale | undefined)[] {
  const found: (Scale | undefined)[] = new Array(evaluation.leaves.length).fill(undefined);
  for (const [column, { comparisons, scales }] of evaluation.scales) {
    comparisons.forEach(({ using }, place) => {
      for (const row of using) found[column * panel.units + row] = scales[place];
    });
    const rule = specification.leaves[column]?.normalisation;
    if (rule && !isCompared(rule)) {
      found.fill(scales[0], column * panel.units, (column + 1) * panel.units);
    }
  }
  return found;
}

/** Whether the score of one body goes by the scores of others inside the tree. */
function comparesBodies({ tree, rescaled }: Specification): boolean {
  const among = new Set(["outranking", "benefit_of_the_doubt"]);
  return (
    rescaled.size > 0 || tree.items.some(({ node }) => among.has(node?.aggregation?.method ?? ""))
  );
}
