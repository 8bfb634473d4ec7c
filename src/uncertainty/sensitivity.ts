/** How much of an output's variance is a factor's doing. */
export interface Sensitivity {
  /** By itself: the variance expected to go if the factor were fixed. */
  readonly firstOrder: number;
  /** With all its interactions: the variance expected to stay if everything else were fixed. */
  readonly total: number;
}

/**
 * First-order and total indices of one factor, from an output evaluated on the samples A and B and on A with the factor's
 * column from B, row by row, with f centred on its mean:
 *
 *     V · S = 1/N Σ f(B) (f(AB) − f(A))        V · T = 1/(2N) Σ (f(A) − f(AB))²
 *
 * (A. Saltelli et al., "Variance based sensitivity analysis of model output", Computer Physics Communications 181 (2010)
 * 259-270, table 2, b and f; the latter by M. J. W. Jansen, the same journal 117 (1999) 35-43). Estimates of few rows can
 * come out below 0 or above 1. Rows that lack one of the three are left out.
 * @returns NaN when the output does not vary
 */
export function estimateSensitivity(
  first: Float64Array,
  second: Float64Array,
  swapped: Float64Array,
): Sensitivity {
  const rows = [...swapped.keys()].filter(
    (row) => !Number.isNaN((first[row] ?? 0) + (second[row] ?? 0) + (swapped[row] ?? 0)),
  );
  const sumOver = (term: (a: number, b: number, ab: number) => number) =>
    rows.reduce(
      (sum, row) => sum + term(first[row] as number, second[row] as number, swapped[row] as number),
      0,
    );
  const count = rows.length;
  const mean = sumOver((a, b) => a + b) / (2 * count);
  const variance = sumOver((a, b) => (a - mean) ** 2 + (b - mean) ** 2) / (2 * count);
  if (!(variance > 0)) return { firstOrder: Number.NaN, total: Number.NaN };
  return {
    firstOrder: sumOver((a, b, ab) => (b - mean) * (ab - a)) / count / variance,
    total: sumOver((a, _, ab) => (a - ab) ** 2) / (2 * count) / variance,
  };
}
