import { medianOf } from "./forecast/robust-trend.ts";

/** No drop of less than this many points is called noise-free: a score is published with two decimals, but no more exact. */
const LEAST_NOISE = 1;
const NORMAL = 1.4826;

/**
 * Points by which scores of a level move from one period to the next without anything having happened: the robust standard
 * deviation (1.4826 × median absolute value) of all movements of its bodies. Used where a run keeps no sampling error.
 * @param movements differences of scores between one period and the next
 */
export function estimateNoise(movements: readonly number[]): number {
  if (movements.length === 0) return LEAST_NOISE;
  const sizes = Float64Array.from(movements, Math.abs);
  return Math.max(LEAST_NOISE, NORMAL * medianOf(sizes, sizes.length));
}

/**
 * Points by which one score moves from one period to the next by chance in its counts alone. Of a window of w periods one
 * leaves and one enters: with σ² the variance of a mean over w independent periods, that of the movement is σ² × 2 ÷ w.
 * @param deviation σ, standard deviation of the score over replications of its counts, in points
 * @param windowPeriods w, at least 1
 */
export function movementNoise(deviation: number, windowPeriods: number): number {
  return Math.max(LEAST_NOISE, deviation * Math.sqrt(2 / Math.max(1, windowPeriods)));
}
