import type { Evaluation } from "../composite/evaluate.ts";
import type { Panel } from "../composite/panel.ts";
import type { Specification } from "../composite/specification.ts";
import type { RankedGroup } from "../uncertainty/rank-table.ts";
import type { PairChance } from "../uncertainty/summarise-ranks.ts";
import type { CountedTwice, SharedRecords } from "./case-kind.ts";
import type { OneCase } from "./one-case.ts";

// Lines beyond which the report warns. Our choice, each stated beside what it judges.

/** Points that one case may move a body. */
export const CASE_POINTS = 2;
/** Values on fewer rows rest on a small sample, and may have this share of the weight. */
export const SMALL_SAMPLE = 10;
export const SMALL_SAMPLE_SHARE = 0.25;
/** Share of records two indicators may have in common. */
export const OVERLAP = 0.5;
/** Share of replications in which the first should be ahead of the second. */
export const FIRST_CHANCE = 0.9;

/** How much of a peer class's assessed weight rests on small samples, 0 to 1; NaN where nothing is assessed. */
export function weighSmallSamples(
  { tree }: Specification,
  panel: Panel,
  { leaves, weights }: Evaluation,
  { units }: RankedGroup,
  samples: Float64Array,
): number {
  let whole = 0;
  let small = 0;
  tree.columns.forEach((position, column) => {
    const weight = weights[position] as number;
    for (const row of units) {
      const cell = column * panel.units + row;
      if (Number.isNaN(leaves[cell])) continue;
      whole += weight;
      if ((samples[cell] as number) < SMALL_SAMPLE) small += weight;
    }
  });
  return small / whole;
}

/** How far the first of a group is first. */
export interface FirstPlace {
  readonly first: number;
  readonly second: number;
  /** Points between them. */
  readonly gap: number;
  /** The most points that one case takes from the first or gives the second. */
  readonly oneCase: number;
  /** Share of the replications in which it is ahead, where the standard varies anything. */
  readonly ahead: number | undefined;
  readonly firm: boolean;
}

/**
 * The first and the second of a group by their settled scores; undefined where fewer than two are ranked.
 * @param scores settled, by row of the panel
 */
export function judgeFirstPlace(
  { units }: RankedGroup,
  scores: Float64Array,
  tried: readonly OneCase[],
  pairs: readonly PairChance[] | undefined,
): FirstPlace | undefined {
  const [first, second] = units;
  if (first === undefined || second === undefined) return undefined;
  const gap = (scores[first] as number) - (scores[second] as number);
  const moves = tried.flatMap(({ effects }) =>
    effects.flatMap(({ row, points }) => {
      if (Number.isNaN(points)) return [];
      if (row === first) return [-points];
      return row === second ? [points] : [];
    }),
  );
  const oneCase = moves.reduce((most, points) => Math.max(most, points), 0);
  const ahead = pairs?.find(({ place, other }) => place === 0 && other === 1)?.above;
  const firm = gap > oneCase && !(ahead !== undefined && ahead < FIRST_CHANCE);
  return { first, second, gap, oneCase, ahead, firm };
}

/** The effect of a case that moves a body furthest; undefined where none does. */
export function findFurthest({ effects }: OneCase) {
  let furthest: OneCase["effects"][number] | undefined;
  for (const effect of effects) {
    if (Number.isNaN(effect.points)) continue;
    if (!furthest || Math.abs(effect.points) > Math.abs(furthest.points)) furthest = effect;
  }
  return furthest;
}

/** What is known of how little it takes to change a level's ranking. */
export interface Fragility {
  /** Of each kind of record, in all the indicators it stands in; what moves furthest first. */
  readonly tried: readonly OneCase[];
  /** The same of one indicator at a time. */
  readonly alone: readonly OneCase[];
  readonly shared: readonly SharedRecords[];
  readonly twice: readonly CountedTwice[];
  /** Of each group: the share of its assessed weight on small samples, and how far its first is first. */
  readonly smallSamples: readonly number[];
  readonly firstPlaces: readonly (FirstPlace | undefined)[];
}
