/**
 * Quantile of ascending values, interpolated linearly between order statistics (type 7 of R. J. Hyndman, Y. Fan,
 * The American Statistician 50 (1996) 361-365); NaN of none.
 */
export function quantile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] as number;
  const above = sorted[Math.ceil(position)] as number;
  return below + (above - below) * (position - Math.floor(position));
}

/** How many of the ascending values are smaller than `value`. */
export function countBelow(sorted: Float64Array, value: number): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((sorted[middle] as number) < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** How many of the ascending values are larger than `value`. */
export function countAbove(sorted: Float64Array, value: number): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((sorted[middle] as number) <= value) from = middle + 1;
    else to = middle;
  }
  return sorted.length - from;
}

/**
 * Places of columns in an order that is the same however the columns, or the units, stand: by their values from the
 * smallest up, and of equals by their names. For methods whose last bits go by the order of their columns.
 */
export function orderColumns(
  columns: readonly Float64Array[],
  names: readonly string[],
  units: Int32Array,
): number[] {
  const sorted = columns.map((column) =>
    Float64Array.from(units, (unit) => column[unit] as number)
      .filter((value) => !Number.isNaN(value))
      .sort(),
  );
  const compareValues = (one: Float64Array, other: Float64Array): number => {
    if (one.length !== other.length) return one.length - other.length;
    const place = one.findIndex((value, at) => value !== other[at]);
    return place < 0 ? 0 : (one[place] as number) - (other[place] as number);
  };
  return [...columns.keys()].sort(
    (a, b) =>
      compareValues(sorted[a] as Float64Array, sorted[b] as Float64Array) ||
      ((names[a] as string) < (names[b] as string) ? -1 : 1),
  );
}

/**
 * Places from the highest score down; NaN stays without one (0). A score ties with the first of its run when it lies
 * no further below it than the tolerance, so a chain of near-ties cannot join what lies apart, and the order of the
 * scores does not matter. Ties share the better place and the next ones are left out (1, 2, 2, 4).
 * @param tolerance in points of the score
 */
export function rankDown(scores: Float64Array, tolerance: number): Int32Array {
  const order = Int32Array.from(scores.keys())
    .filter((unit) => !Number.isNaN(scores[unit]))
    .sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
  const ranks = new Int32Array(scores.length);
  let first = Number.POSITIVE_INFINITY;
  let shared = 0;
  order.forEach((unit, place) => {
    const score = scores[unit] as number;
    if (!(first - score <= tolerance)) {
      first = score;
      shared = place + 1;
    }
    ranks[unit] = shared;
  });
  return ranks;
}
