import type { Aggregation } from "../standard/standard-methods.ts";
import { orderColumns } from "./order.ts";
import type { Solver } from "./solver.ts";
import { sumSorted } from "./sums.ts";

type DoubtRule = Extract<Aggregation, { method: "benefit_of_the_doubt" }>;

export interface Favoured {
  /** 100 × the weighted sum under the body's own best weights; at most 100. */
  readonly score: number;
  /** Those weights by child; a child without a score has none. */
  readonly weights: Float64Array;
}

/**
 * The most favourable weights of each unit: those under which its weighted sum is highest, while no peer's exceeds 1
 * under the same weights. `minimum_share` and `maximum_share` bound each child's part of the unit's own sum, so that
 * nobody lives on a single child. A child without a score has no weight for the unit itself and adds nothing to a peer's
 * sum. Scores must not be negative.
 * L. Cherchye, W. Moesen, N. Rogge, T. Van Puyenbroeck, "An introduction to 'benefit of the doubt' composite indicators",
 * Social Indicators Research 82 (2007) 111-145.
 * @param names of the children
 * @param stated scores of the children, as the standard has them
 * @param units the peers compared, all of them with enough scores
 * @throws Error in a sentence for negative scores, for shares that no weights can meet, or without a solver
 */
export function doubt(
  rule: DoubtRule,
  { id, names }: { readonly id: string; readonly names: readonly string[] },
  stated: readonly Float64Array[],
  units: Int32Array,
  solver: Solver | undefined,
): Favoured[] {
  if (!solver) {
    throw new Error(
      `The node "${id}" takes weights by benefit of the doubt, which needs a solver.`,
    );
  }
  // In an order of their own, so that the order in which the standard has them does not choose among best weights.
  const order = orderColumns(stated, names, units);
  const children = order.map((place) => stated[place] as Float64Array);
  const rows = Array.from(units, (unit) =>
    Float64Array.from(children, (scores) => {
      const score = scores[unit] as number;
      if (score < 0) {
        throw new Error(
          `The node "${id}" takes weights by benefit of the doubt, which needs scores of 0 or more; one of its children has ${score}.`,
        );
      }
      return !Number.isNaN(score) ? score / 100 : 0;
    }),
  );
  const peers = findFrontier(rows).map((row) => ({ row, limit: 1 }));
  return rows.map((row, place) => {
    const present = [...children.keys()].filter(
      (child) => !Number.isNaN((children[child] as Float64Array)[units[place] as number]),
    );
    const programme = { gains: row, rows: [...peers, ...boundShares(rule, row, present)] };
    const weights = solver.maximise(programme);
    if (!weights) {
      throw new Error(
        `No weights of "${id}" keep every child's share between ${rule.minimum_share} and ${rule.maximum_share}. Lower the least share or raise the greatest.`,
      );
    }
    const score = sumSorted(
      Float64Array.from(present, (child) => (weights[child] as number) * (row[child] as number)),
    );
    const own = new Float64Array(order.length);
    order.forEach((child, at) => {
      own[child] = weights[at] as number;
    });
    return { score: 100 * Math.min(1, score), weights: own };
  });
}

/**
 * Peers that nobody equals or outdoes in everything: with weights of 0 and more, the others' sums cannot be the highest.
 * By their scores in order, so that among equally good weights the order of the units does not choose.
 */
function findFrontier(rows: readonly Float64Array[]): Float64Array[] {
  const frontier = rows.filter((row, place) =>
    rows.every((other, rival) => {
      if (rival === place || other.some((score, child) => score < (row[child] as number)))
        return true;
      // Of equals the first stays.
      return place < rival && other.every((score, child) => score === row[child]);
    }),
  );
  return frontier.sort((one, other) => {
    const child = one.findIndex((score, place) => score !== other[place]);
    return child < 0 ? 0 : (other[child] as number) - (one[child] as number);
  });
}

/** minimum × Σ w s ≤ wᵢ sᵢ ≤ maximum × Σ w s, as rows ≤ 0. Children that score 0 cannot have a share. */
function boundShares(rule: DoubtRule, row: Float64Array, present: readonly number[]) {
  const bounds: { row: Float64Array; limit: number }[] = [];
  for (const child of present) {
    if (row[child] === 0) continue;
    if (rule.minimum_share > 0) {
      const low = row.map((score) => rule.minimum_share * score);
      low[child] = (low[child] as number) - (row[child] as number);
      bounds.push({ row: low, limit: 0 });
    }
    if (rule.maximum_share < 1) {
      const high = row.map((score) => -rule.maximum_share * score);
      high[child] = (high[child] as number) + (row[child] as number);
      bounds.push({ row: high, limit: 0 });
    }
  }
  return bounds;
}
