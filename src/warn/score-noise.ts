import { medianOf } from "./forecast/robust-trend.ts";

/** No drop of less than this many points is called noise-free: a score is published with two decimals, but no more exact. */
const LEAST_NOISE = 1;
const NORMAL = 1.4826;

/**
 * Points by which scores of a level move from one period to the next without anything having happened: the robust standard
 * deviation (1.4826 × median absolute value) of all movements of its bodies. It stands in for intervals of the scores
 * from repeated sampling; where a run keeps such intervals, their half-width is the better measure and belongs here.
 * @param movements differences of scores between one period and the next
 */
export function estimateNoise(movements: readonly number[]): number {
  if (movements.length === 0) return LEAST_NOISE;
  const sizes = Float64Array.from(movements, Math.abs);
  return Math.max(LEAST_NOISE, NORMAL * medianOf(sizes, sizes.length));
}
