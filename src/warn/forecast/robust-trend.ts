import { quickselect } from "simple-statistics";

/** Points a trend is fitted to: the newest so many. */
const WINDOW = 24;
const pairs = new Float64Array((WINDOW * (WINDOW - 1)) / 2);

/**
 * The Theil-Sen slope (Sen 1968) of the newest points: the median of the slopes between all pairs of them. Up to
 * 29 % of wild points leave it alone.
 * @param end the place behind the last point
 * @returns change per point; 0 with fewer than two points
 */
export function robustSlope(points: Float64Array, end: number): number {
  const start = Math.max(0, end - WINDOW);
  let count = 0;
  for (let to = start + 1; to < end; to++) {
    for (let from = start; from < to; from++) {
      pairs[count++] = ((points[to] as number) - (points[from] as number)) / (to - from);
    }
  }
  return count === 0 ? 0 : medianOf(pairs, count);
}

/** The median of the first `count` numbers, which are put in another order. */
export function medianOf(numbers: Float64Array, count: number): number {
  const part = numbers.subarray(0, count) as unknown as number[];
  const middle = count >> 1;
  quickselect(part, middle, 0, count - 1);
  const upper = part[middle] as number;
  if (count % 2 === 1) return upper;
  let lower = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < middle; at++) lower = Math.max(lower, part[at] as number);
  return (lower + upper) / 2;
}
