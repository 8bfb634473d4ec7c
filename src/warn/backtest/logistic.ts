/** A logistic regression on standardised features. */
export interface LogisticModel {
  readonly means: Float64Array;
  readonly scales: Float64Array;
  /** Intercept, then a weight for each standardised feature. */
  readonly weights: Float64Array;
}

const ITERATIONS = 30;
const SMALL = 1e-9;

/**
 * Fits P(y = 1) = 1 / (1 + exp(−(w₀ + w·z))) with a ridge penalty on all weights but the intercept, by Newton's method
 * (iteratively reweighted least squares). The penalised likelihood has one maximum, so nothing is left to chance.
 * @param rows features of each case; a missing one is taken for the mean
 * @param penalty of the squared weights, per case of weight one
 */
export function fitLogistic(
  rows: readonly Float64Array[],
  came: readonly boolean[],
  penalty: number,
): LogisticModel {
  const width = rows[0]?.length ?? 0;
  const { means, scales } = standardise(rows, width);
  const size = width + 1;
  const cases = rows.map((row) => prepare(row, means, scales));
  const weights = new Float64Array(size);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const gradient = new Float64Array(size);
    const hessian = Array.from({ length: size }, () => new Float64Array(size));
    cases.forEach((one, at) => {
      const chance = logistic(dot(weights, one));
      const error = (came[at] ? 1 : 0) - chance;
      const spread = chance * (1 - chance);
      for (let i = 0; i < size; i++) {
        gradient[i] = (gradient[i] as number) + error * (one[i] as number);
        const row = hessian[i] as Float64Array;
        for (let j = 0; j <= i; j++)
          row[j] = (row[j] as number) + spread * (one[i] as number) * (one[j] as number);
      }
    });
    for (let i = 0; i < size; i++) {
      const row = hessian[i] as Float64Array;
      if (i > 0) {
        gradient[i] = (gradient[i] as number) - penalty * (weights[i] as number);
        row[i] = (row[i] as number) + penalty;
      } else row[i] = (row[i] as number) + SMALL;
      for (let j = 0; j < i; j++) (hessian[j] as Float64Array)[i] = row[j] as number;
    }
    const step = solve(hessian, gradient);
    let moved = 0;
    for (let i = 0; i < size; i++) {
      weights[i] = (weights[i] as number) + (step[i] as number);
      moved = Math.max(moved, Math.abs(step[i] as number));
    }
    if (moved < SMALL) break;
  }
  return { means, scales, weights };
}

/** The chance a model gives a case. */
export function predictLogistic(
  { means, scales, weights }: LogisticModel,
  row: Float64Array,
): number {
  return logistic(dot(weights, prepare(row, means, scales)));
}

function standardise(rows: readonly Float64Array[], width: number) {
  const means = new Float64Array(width);
  const scales = new Float64Array(width).fill(1);
  for (let feature = 0; feature < width; feature++) {
    const known = rows.map((row) => row[feature] as number).filter((value) => !Number.isNaN(value));
    const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(known.length, 1);
    const variance =
      known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(known.length, 1);
    means[feature] = mean;
    scales[feature] = Math.sqrt(variance) || 1;
  }
  return { means, scales };
}

function prepare(row: Float64Array, means: Float64Array, scales: Float64Array): Float64Array {
  const prepared = new Float64Array(row.length + 1);
  prepared[0] = 1;
  row.forEach((value, feature) => {
    prepared[feature + 1] = Number.isNaN(value)
      ? 0
      : (value - (means[feature] as number)) / (scales[feature] as number);
  });
  return prepared;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] as number) * (b[at] as number);
  return sum;
}

function logistic(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

/** Solves a symmetric positive definite system by Cholesky's method. */
function solve(matrix: readonly Float64Array[], right: Float64Array): Float64Array {
  const size = right.length;
  const lower = Array.from({ length: size }, () => new Float64Array(size));
  const at = (i: number, j: number) => (lower[i] as Float64Array)[j] as number;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = (matrix[i] as Float64Array)[j] as number;
      for (let k = 0; k < j; k++) sum -= at(i, k) * at(j, k);
      (lower[i] as Float64Array)[j] = i === j ? Math.sqrt(Math.max(sum, SMALL)) : sum / at(j, j);
    }
  }
  const solved = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let sum = right[i] as number;
    for (let k = 0; k < i; k++) sum -= at(i, k) * (solved[k] as number);
    solved[i] = sum / at(i, i);
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = solved[i] as number;
    for (let k = i + 1; k < size; k++) sum -= at(k, i) * (solved[k] as number);
    solved[i] = sum / at(i, i);
  }
  return solved;
}
