import { quantile } from "../composite/order.ts";
import type { RankTable } from "./rank-table.ts";

/** What the replications say of one body's rank. */
export interface RankSummary {
  readonly unit: number;
  readonly median: number;
  /** 5 % and 95 % quantiles. */
  readonly low: number;
  readonly high: number;
  /** Shares of the replications in which it is among the first, or the last, three of its group. */
  readonly topThree: number;
  readonly bottomThree: number;
  /** Replications in which it has a rank. */
  readonly replications: number;
  /** Standard deviation of its scores in them (n − 1); NaN for fewer than two. */
  readonly scoreDeviation: number;
}

/** How many of a group count as its top, and its bottom. */
const THREE = 3;

/**
 * Median rank, interval and chances of each body of a group. The last three are found by counting from the end: a body is
 * among them when fewer than three are behind it.
 */
export function summariseRanks({ group, replications, ranks, scores }: RankTable): RankSummary[] {
  const width = group.units.length;
  const behind = countBehind(ranks, replications, width);
  const column = new Float64Array(replications);
  const own = new Float64Array(replications);
  return Array.from(group.units, (unit, place) => {
    let found = 0;
    let top = 0;
    let bottom = 0;
    for (let replication = 0; replication < replications; replication++) {
      const cell = replication * width + place;
      const rank = ranks[cell] as number;
      if (rank === 0) continue;
      own[found] = scores[cell] as number;
      column[found++] = rank;
      if (rank <= THREE) top++;
      if ((behind[cell] as number) < THREE) bottom++;
    }
    const sorted = column.slice(0, found).sort();
    return {
      unit,
      median: quantile(sorted, 0.5),
      low: quantile(sorted, 0.05),
      high: quantile(sorted, 0.95),
      topThree: top / found,
      bottomThree: bottom / found,
      replications: found,
      scoreDeviation: deviationOf(own.subarray(0, found)),
    };
  });
}

function deviationOf(values: Float64Array): number {
  if (values.length < 2) return Number.NaN;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

/** How many of the group stand behind each body in each replication. */
function countBehind(ranks: Int32Array, replications: number, width: number): Int32Array {
  const behind = new Int32Array(ranks.length);
  const counts = new Int32Array(width + 2);
  for (let replication = 0; replication < replications; replication++) {
    const first = replication * width;
    counts.fill(0);
    for (let cell = first; cell < first + width; cell++) {
      counts[ranks[cell] as number] = (counts[ranks[cell] as number] as number) + 1;
    }
    // counts[rank] becomes the number of bodies with a larger rank.
    let larger = 0;
    for (let rank = width; rank > 0; rank--) {
      const own = counts[rank] as number;
      counts[rank] = larger;
      larger += own;
    }
    for (let cell = first; cell < first + width; cell++) {
      const rank = ranks[cell] as number;
      behind[cell] = rank === 0 ? width : (counts[rank] as number);
    }
  }
  return behind;
}

/** How often the one body is above the other, by their places in the group. */
export interface PairChance {
  readonly place: number;
  readonly other: number;
  /** Share of the replications that rank both; a shared rank counts one half. */
  readonly above: number;
}

/** Groups up to this size are compared body by body; in larger ones each with its neighbours. */
export const ALL_PAIRS = 150;
/** Neighbours on each side, in larger groups. */
const NEIGHBOURS = 5;

/** The chance that one body is above another, for all pairs of a group, or those near each other in a large one; the better placed first. */
export function comparePairs({ group, replications, ranks }: RankTable): PairChance[] {
  const width = group.units.length;
  const reach = width <= ALL_PAIRS ? width : NEIGHBOURS;
  const pairs: PairChance[] = [];
  for (let place = 0; place < width; place++) {
    for (let other = place + 1; other < Math.min(width, place + reach + 1); other++) {
      let above = 0;
      let found = 0;
      for (let cell = 0; cell < replications * width; cell += width) {
        const one = ranks[cell + place] as number;
        const two = ranks[cell + other] as number;
        if (one === 0 || two === 0) continue;
        found++;
        if (one < two) above += 1;
        else if (one === two) above += 0.5;
      }
      pairs.push({ place, other, above: above / found });
    }
  }
  return pairs;
}
