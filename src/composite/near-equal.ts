import { countBelow } from "./order.ts";

/**
 * Relative distance up to which two values are one value that was worked out in two ways, as 0.1 + 0.2 and 0.3: some
 * thousand times what a sum of fifty terms is rounded by.
 */
const ROUNDING = 1e-12;

/** Whether two values differ by rounding at most. */
export function areAlike(low: number, high: number): boolean {
  return high - low <= ROUNDING * Math.max(Math.abs(low), Math.abs(high));
}

/**
 * Values from the smallest up, each that differs from the largest of its run by rounding counted as that one: a chain of
 * near-equal values cannot join what lies apart.
 */
export function joinTies(values: Float64Array): {
  readonly sorted: Float64Array;
  /** The value a value counts as. */
  readonly find: (value: number) => number;
} {
  const sorted = values.slice().sort();
  const firsts: number[] = [];
  for (let place = sorted.length - 1; place >= 0; place--) {
    const value = sorted[place] as number;
    const first = firsts[0];
    if (first === undefined || !areAlike(value, first)) firsts.unshift(value);
    sorted[place] = firsts[0] as number;
  }
  const ascending = Float64Array.from(firsts);
  return {
    sorted,
    find: (value) => {
      const place = countBelow(ascending, value);
      const [above, under] = [ascending[place], ascending[place - 1]];
      if (above !== undefined && areAlike(value, above)) return above;
      return under !== undefined && areAlike(under, value) ? under : value;
    },
  };
}
