/** How much of an output's variance is a factor's doing. */
export interface Sensitivity {
  /** By itself: the variance expected to go if the factor were fixed. */
  readonly firstOrder: number;
  /** With all its interactions: the variance expected to stay if everything else were fixed. */
  readonly total: number;
}

/**
 * First-order and total indices of one factor, from an output evaluated on the samples A and B and on A with the factor's
 * column from B, row by row:
 *
 *     V · S = V − 1/(2N) Σ (f(B) − f(AB))²        V · T = 1/(2N) Σ (f(A) − f(AB))²
 *
 * (M. J. W. Jansen, "Analysis of variance designs for model output", Computer Physics Communications 117 (1999) 35-43;
 * recommended by A. Saltelli et al., the same journal 181 (2010) 259-270, table 2). Estimates of few rows can come out
 * below 0. Rows that lack one of the three are left out.
 * @returns NaN when the output does not vary
 */
export function estimateSensitivity(
  first: Float64Array,
  second: Float64Array,
  swapped: Float64Array,
): Sensitivity {
  let rows = 0;
  let sum = 0;
  let fromSecond = 0;
  let fromFirst = 0;
  for (let row = 0; row < swapped.length; row++) {
    const [a, b, ab] = [first[row] as number, second[row] as number, swapped[row] as number];
    if (Number.isNaN(a + b + ab)) continue;
    rows++;
    sum += a + b;
    fromSecond += (b - ab) ** 2;
    fromFirst += (a - ab) ** 2;
  }
  const mean = sum / (2 * rows);
  let variance = 0;
  for (let row = 0; row < swapped.length; row++) {
    const [a, b, ab] = [first[row] as number, second[row] as number, swapped[row] as number];
    if (Number.isNaN(a + b + ab)) continue;
    variance += (a - mean) ** 2 + (b - mean) ** 2;
  }
  variance /= 2 * rows;
  if (!(variance > 0)) return { firstOrder: Number.NaN, total: Number.NaN };
  return {
    firstOrder: 1 - fromSecond / (2 * rows) / variance,
    total: fromFirst / (2 * rows) / variance,
  };
}
