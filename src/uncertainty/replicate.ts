import type { Design, Factor } from "./draw.ts";
import { CHOICES_ONLY, DATA_ONLY, FIRST, SECOND } from "./draw.ts";
import { type Evaluator, type Ground, openEvaluator, type StageRuns } from "./evaluate-draws.ts";
import {
  noteRanks,
  openRankTable,
  pickReplications,
  type RankedGroup,
  type RankTable,
} from "./rank-table.ts";
import { estimateSensitivity, type Sensitivity } from "./sensitivity.ts";
import {
  comparePairs,
  type PairChance,
  type RankSummary,
  summariseRanks,
} from "./summarise-ranks.ts";

/** Replications that could not be evaluated, by their reason. */
export interface Failure {
  readonly message: string;
  readonly count: number;
}

/** Where a rank's spread comes from: everything, only the sampling error of counts, or only the choices and weights. */
export type ErrorSource = "all" | "data" | "choices";

export interface GroupResult {
  readonly group: RankedGroup;
  /** Of the bodies, in the group's order. */
  readonly summaries: Readonly<Partial<Record<ErrorSource, readonly RankSummary[]>>>;
  readonly pairs: readonly PairChance[];
  readonly sensitivities: readonly FactorSensitivity[];
}

export interface FactorSensitivity extends Sensitivity {
  /** Place in the group, or -1: of the mean shift of all ranks from the stated ones. */
  readonly place: number;
  readonly factor: Factor;
}

export interface Replicated {
  readonly groups: readonly GroupResult[];
  readonly failures: readonly Failure[];
  readonly evaluated: number;
  readonly runs: StageRuns;
}

/**
 * Evaluates all draws of a design and says what they make of each group's ranks. A draw that cannot be evaluated is
 * counted with its reason and left out.
 * @param settle turns scores of the trees into those ranked, in place: records' points added, bounds kept
 */
export function replicate(
  ground: Ground,
  design: Design,
  groups: readonly RankedGroup[],
  settle: (scores: Float64Array) => void = () => {},
): Replicated {
  const evaluator = openEvaluator({ ...ground, multipliers: design.multipliers });
  const tables = groups.map((group) => openRankTable(group, design.draws.length));
  const failures = evaluateAll(evaluator, design, tables, ground.specification.tolerance, settle);
  const parts = new Map<string, number[]>();
  design.draws.forEach(({ part }, row) => {
    parts.set(part, [...(parts.get(part) ?? []), row]);
  });
  return {
    groups: tables.map((table) => conclude(table, parts, design.factors)),
    failures,
    evaluated: design.draws.length,
    runs: { ...evaluator.runs },
  };
}

function evaluateAll(
  evaluator: Evaluator,
  { draws }: Design,
  tables: readonly RankTable[],
  tolerance: number,
  settle: (scores: Float64Array) => void,
): Failure[] {
  const failures = new Map<string, number>();
  draws.forEach((draw, row) => {
    try {
      const scores = evaluator.evaluate(draw).slice();
      settle(scores);
      for (const table of tables) noteRanks(table, row, scores, tolerance);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      failures.set(message, (failures.get(message) ?? 0) + 1);
    }
  });
  return [...failures]
    .map(([message, count]) => ({ message, count }))
    .sort((a, b) => b.count - a.count || (a.message < b.message ? -1 : 1));
}

function conclude(
  table: RankTable,
  parts: ReadonlyMap<string, readonly number[]>,
  factors: readonly Factor[],
): GroupResult {
  const pick = (...names: readonly string[]) => {
    const rows = names.flatMap((name) => parts.get(name) ?? []);
    return rows.length > 0 ? pickReplications(table, rows) : undefined;
  };
  const all = pick(FIRST, SECOND) ?? openRankTable(table.group, 0);
  const alone = factors.length === 1 ? (factors[0] === "data" ? "data" : "choices") : undefined;
  const data = alone === "data" ? all : pick(DATA_ONLY);
  const choices =
    alone === "choices"
      ? all
      : (pick(CHOICES_ONLY) ?? (factors.includes("data") ? undefined : all));
  return {
    group: table.group,
    summaries: {
      all: summariseRanks(all),
      ...(data ? { data: summariseRanks(data) } : {}),
      ...(choices ? { choices: summariseRanks(choices) } : {}),
    },
    pairs: comparePairs(all),
    sensitivities: factors.flatMap((factor) => {
      const swapped = pick(factor);
      const [first, second] = [pick(FIRST), pick(SECOND)];
      return first && second && swapped ? measureFactor(factor, first, second, swapped) : [];
    }),
  };
}

function measureFactor(
  factor: Factor,
  first: RankTable,
  second: RankTable,
  swapped: RankTable,
): FactorSensitivity[] {
  const places = [-1, ...swapped.group.units.keys()];
  return places.map((place) => ({
    place,
    factor,
    ...estimateSensitivity(
      readOutput(first, place),
      readOutput(second, place),
      readOutput(swapped, place),
    ),
  }));
}

/** Rank of one body by replication, or the mean shift of all ranks from the stated ones. */
function readOutput({ group, replications, ranks }: RankTable, place: number): Float64Array {
  const width = group.units.length;
  const output = new Float64Array(replications);
  for (let row = 0; row < replications; row++) {
    if (place >= 0) {
      output[row] = (ranks[row * width + place] as number) || Number.NaN;
      continue;
    }
    let shift = 0;
    let found = 0;
    for (let at = 0; at < width; at++) {
      const rank = ranks[row * width + at] as number;
      if (rank === 0) continue;
      found++;
      shift += Math.abs(rank - (group.stated[at] as number));
    }
    output[row] = found === 0 ? Number.NaN : shift / found;
  }
  return output;
}
