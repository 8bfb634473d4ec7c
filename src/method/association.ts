import { completeUnits, correlate } from "../composite/correlate.ts";

/** How two columns go together, over the units that have both. */
export interface Association {
  readonly pearson: number;
  readonly spearman: number;
  /** Kendall's tau-b. */
  readonly kendall: number;
  /** Units with both. */
  readonly units: number;
}

/** Pearson's, Spearman's and Kendall's coefficients of two columns; NaN where one has no spread or fewer than three units have both. */
export function associate(one: Float64Array, other: Float64Array): Association {
  const units = completeUnits([one, other]);
  if (units.length < 3) {
    return { pearson: Number.NaN, spearman: Number.NaN, kendall: Number.NaN, units: units.length };
  }
  const [a, b] = [take(one, units), take(other, units)];
  const all = Int32Array.from(units.keys());
  return {
    pearson: correlate(a, b, all),
    spearman: correlate(averageRanks(a), averageRanks(b), all),
    kendall: kendallTau(a, b),
    units: units.length,
  };
}

function take(column: Float64Array, units: Int32Array): Float64Array {
  return Float64Array.from(units, (unit) => column[unit] as number);
}

/** Ranks from 1 up, ties sharing their mean rank. */
export function averageRanks(values: Float64Array): Float64Array {
  const order = Int32Array.from(values.keys()).sort(
    (a, b) => (values[a] as number) - (values[b] as number),
  );
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to] as number] === values[order[from] as number]) to++;
    for (let place = from; place < to; place++) ranks[order[place] as number] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}

/**
 * Kendall's tau-b of two columns without gaps: (concordant − discordant pairs) ÷ √((n₀ − n₁)(n₀ − n₂)), n₁ and n₂ being the
 * pairs tied in either, in n log n steps (W. R. Knight, "A computer method for calculating Kendall's tau with ungrouped
 * data", J. Am. Stat. Assoc. 61 (1966) 436-439).
 */
export function kendallTau(one: Float64Array, other: Float64Array): number {
  const count = one.length;
  const order = Int32Array.from(one.keys()).sort(
    (a, b) =>
      (one[a] as number) - (one[b] as number) || (other[a] as number) - (other[b] as number),
  );
  const first = Float64Array.from(order, (unit) => one[unit] as number);
  const second = Float64Array.from(order, (unit) => other[unit] as number);
  const all = (count * (count - 1)) / 2;
  const tiedFirst = countTies((place) => first[place] === first[place - 1], count);
  const tiedBoth = countTies(
    (place) => first[place] === first[place - 1] && second[place] === second[place - 1],
    count,
  );
  const swaps = sortCounting(second);
  const tiedSecond = countTies((place) => second[place] === second[place - 1], count);
  const concordance = all - tiedFirst - tiedSecond + tiedBoth - 2 * swaps;
  return concordance / Math.sqrt((all - tiedFirst) * (all - tiedSecond));
}

/** Pairs within runs of equal neighbours. */
function countTies(equalsLast: (place: number) => boolean, count: number): number {
  let pairs = 0;
  let run = 0;
  for (let place = 1; place < count; place++) {
    run = equalsLast(place) ? run + 1 : 0;
    pairs += run;
  }
  return pairs;
}

/** Sorts in place by merging, and counts the exchanges of neighbours that takes. */
function sortCounting(values: Float64Array): number {
  if (values.length < 2) return 0;
  const middle = values.length >> 1;
  const [left, right] = [values.slice(0, middle), values.slice(middle)];
  let swaps = sortCounting(left) + sortCounting(right);
  let l = 0;
  let r = 0;
  for (let place = 0; place < values.length; place++) {
    if (r === right.length || (l < left.length && (left[l] as number) <= (right[r] as number))) {
      values[place] = left[l++] as number;
    } else {
      values[place] = right[r++] as number;
      swaps += left.length - l;
    }
  }
  return swaps;
}

/**
 * Cronbach's alpha of a node's children: k/(k − 1) · (1 − Σ var(child) ÷ var(sum)), over the units that have all
 * (L. J. Cronbach, "Coefficient alpha and the internal structure of tests", Psychometrika 16 (1951) 297-334). NaN with
 * fewer than two children or three units.
 */
export function cronbachAlpha(children: readonly Float64Array[]): number {
  const count = children.length;
  if (count < 2) return Number.NaN;
  const units = completeUnits(children);
  if (units.length < 3) return Number.NaN;
  const sums = new Float64Array(units.length);
  let parts = 0;
  for (const child of children) {
    const own = take(child, units);
    parts += variance(own);
    own.forEach((value, place) => {
      sums[place] = (sums[place] as number) + value;
    });
  }
  return (count / (count - 1)) * (1 - parts / variance(sums));
}

/** Sample variance (n − 1). */
function variance(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}
