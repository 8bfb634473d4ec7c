import { rankDown } from "../composite/order.ts";

/** Bodies ranked with each other. */
export interface RankedGroup {
  /** Units, in the order of the ranking as stated, best first. */
  readonly units: Int32Array;
  /** Their ranks as stated. */
  readonly stated: Int32Array;
}

/** Ranks of one group in many replications, one replication after the other; 0: without a score in it. */
export interface RankTable {
  readonly group: RankedGroup;
  readonly replications: number;
  readonly ranks: Int32Array;
  /** The scores behind them; NaN: without one. */
  readonly scores: Float64Array;
}

/** An empty table for so many replications. */
export function openRankTable(group: RankedGroup, replications: number): RankTable {
  const cells = replications * group.units.length;
  return {
    group,
    replications,
    ranks: new Int32Array(cells),
    scores: new Float64Array(cells).fill(Number.NaN),
  };
}

/** Ranks the group by the units' scores and writes it down as one replication. */
export function noteRanks(
  { group, ranks, scores: kept }: RankTable,
  replication: number,
  scores: Float64Array,
  tolerance: number,
): void {
  const { units } = group;
  const own = new Float64Array(units.length);
  for (let place = 0; place < units.length; place++) {
    own[place] = scores[units[place] as number] as number;
  }
  ranks.set(rankDown(own, tolerance), replication * units.length);
  kept.set(own, replication * units.length);
}

/** The replications of a table picked by number, as a table of their own. */
export function pickReplications(table: RankTable, numbers: readonly number[]): RankTable {
  const width = table.group.units.length;
  const picked = openRankTable(table.group, numbers.length);
  numbers.forEach((number, row) => {
    const [from, to] = [number * width, (number + 1) * width];
    picked.ranks.set(table.ranks.subarray(from, to), row * width);
    picked.scores.set(table.scores.subarray(from, to), row * width);
  });
  return picked;
}
