import { associate } from "./association.ts";

/** How far two rankings of the same bodies agree. */
export interface RankAgreement {
  /** Bodies ranked in both. */
  readonly bodies: number;
  readonly spearman: number;
  readonly kendall: number;
  /** Places moved: on average, and at most. */
  readonly meanShift: number;
  readonly largestShift: number;
  /** Of the first three of the one, how many are among the first three of the other. */
  readonly sameTopThree: number;
}

/** Agreement of two rankings, body by body. */
export function compareRanks(
  pairs: readonly { readonly one: number; readonly other: number }[],
): RankAgreement {
  const ones = Float64Array.from(pairs, ({ one }) => one);
  const others = Float64Array.from(pairs, ({ other }) => other);
  const shifts = pairs.map(({ one, other }) => Math.abs(one - other));
  const { spearman, kendall } = associate(ones, others);
  return {
    bodies: pairs.length,
    spearman,
    kendall,
    meanShift: shifts.reduce((sum, shift) => sum + shift, 0) / shifts.length,
    largestShift: Math.max(0, ...shifts),
    sameTopThree: pairs.filter(({ one, other }) => one <= 3 && other <= 3).length,
  };
}
