/**
 * Sums that come out the same in whatever order their terms stand, to the last bit. Each pass splits the terms at one
 * power of two, which depends on the largest term and on their number alone: the upper parts add up without any
 * rounding, the lower parts go to the next pass. After three passes what is left lies below 10^-30 of the largest term.
 * S. M. Rump, T. Ogita, S. Oishi, "Accurate floating-point summation part I", SIAM J. Sci. Comput. 31 (2008) 189-224
 * (their ExtractVector).
 */
const PASSES = 3;

/** Sum of `terms`, independent of their order; destroys the terms. */
export function sumInPlace(terms: Float64Array, count: number = terms.length): number {
  let largest = 0;
  for (let place = 0; place < count; place++) {
    const size = Math.abs(terms[place] as number);
    if (size > largest) largest = size;
  }
  if (largest === 0) return 0;
  if (!Number.isFinite(largest)) return Number.NaN;
  // 2^room is at least count + 2, and sigma at least 2^room times the largest term.
  const room = Math.ceil(Math.log2(count + 2));
  let sigma = 2 ** Math.min(1023, Math.ceil(Math.log2(largest)) + 1 + room);
  let total = 0;
  for (let pass = 0; pass < PASSES; pass++) {
    let upper = 0;
    for (let place = 0; place < count; place++) {
      const term = terms[place] as number;
      const part = sigma + term - sigma;
      upper += part;
      terms[place] = term - part;
    }
    total += upper;
    sigma *= 2 ** (room - 53);
  }
  return total;
}

/** Up to so many terms are sorted by insertion, which is quicker for few. */
const FEW = 24;

/**
 * Sum of the first `count` terms, added from the smallest up: the same to the last bit in whatever order they stood.
 * For the few terms of one node; sorts them in place.
 */
export function sumSorted(terms: Float64Array, count: number = terms.length): number {
  if (count > FEW) terms.subarray(0, count).sort();
  else {
    for (let place = 1; place < count; place++) {
      const term = terms[place] as number;
      let to = place;
      for (; to > 0 && (terms[to - 1] as number) > term; to--) {
        terms[to] = terms[to - 1] as number;
      }
      terms[to] = term;
    }
  }
  let sum = 0;
  for (let place = 0; place < count; place++) sum += terms[place] as number;
  return sum;
}

/** Moments of the values that are there; NaN where too few are. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** Sample standard deviation (n − 1). */
  readonly deviation: number;
}

let scratch = new Float64Array(1024);

/** Room for so many terms; the next call takes it again. */
function room(count: number): Float64Array {
  if (scratch.length < count) scratch = new Float64Array(2 * count);
  return scratch;
}

/** Mean of values without gaps, independent of their order; NaN of none. */
export function meanOf(values: Float64Array): number {
  const terms = room(values.length);
  terms.set(values);
  return sumInPlace(terms, values.length) / values.length;
}

/** Sum of the powers of the distances from the mean. */
function central(values: Float64Array, mean: number, power: number): number {
  const terms = room(values.length);
  for (let place = 0; place < values.length; place++) {
    const distance = (values[place] as number) - mean;
    let term = distance;
    for (let turn = 1; turn < power; turn++) term *= distance;
    terms[place] = term;
  }
  return sumInPlace(terms, values.length);
}

/** Count, mean and sample standard deviation of values without gaps. */
export function momentsOf(values: Float64Array): Moments {
  const count = values.length;
  const mean = meanOf(values);
  return { count, mean, deviation: Math.sqrt(central(values, mean, 2) / (count - 1)) };
}

/**
 * Skewness G₁ and excess kurtosis G₂, adjusted for the sample's size as in Excel
 * (D. N. Joanes, C. A. Gill, The Statistician 47 (1998) 183-189). NaN for fewer than 3 (4) values or without spread.
 */
export function shapeOf(values: Float64Array): {
  readonly skewness: number;
  readonly kurtosis: number;
} {
  const n = values.length;
  const mean = meanOf(values);
  const second = central(values, mean, 2);
  const third = central(values, mean, 3);
  const fourth = central(values, mean, 4);
  const skewness = ((Math.sqrt(n) * third) / second ** 1.5) * (Math.sqrt(n * (n - 1)) / (n - 2));
  const excess = (n * fourth) / second ** 2 - 3;
  const kurtosis = (((n + 1) * excess + 6) * (n - 1)) / ((n - 2) * (n - 3));
  return {
    skewness: n < 3 || second === 0 ? Number.NaN : skewness,
    kurtosis: n < 4 || second === 0 ? Number.NaN : kurtosis,
  };
}
