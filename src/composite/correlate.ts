import { meanOf, sumInPlace } from "./sums.ts";

/** Units at which all columns have a value. */
export function completeUnits(columns: readonly Float64Array[]): Int32Array {
  const units = Int32Array.from((columns[0] ?? new Float64Array(0)).keys());
  return units.filter((unit) => columns.every((column) => !Number.isNaN(column[unit])));
}

/** Pearson correlation over the given units; NaN without spread. Independent of the order of the units. */
export function correlate(one: Float64Array, other: Float64Array, units: Int32Array): number {
  const [a, b] = [distances(one, units), distances(other, units)];
  const product = (x: Float64Array, y: Float64Array) =>
    sumInPlace(x.map((value, place) => value * (y[place] as number)));
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

/** Correlations of all pairs of columns, row after row. */
export function correlateAll(columns: readonly Float64Array[], units: Int32Array): Float64Array {
  const count = columns.length;
  const matrix = new Float64Array(count * count);
  for (let one = 0; one < count; one++) {
    matrix[one * count + one] = 1;
    for (let other = 0; other < one; other++) {
      const value = correlate(columns[one] as Float64Array, columns[other] as Float64Array, units);
      matrix[one * count + other] = value;
      matrix[other * count + one] = value;
    }
  }
  return matrix;
}

function distances(column: Float64Array, units: Int32Array): Float64Array {
  const values = Float64Array.from(units, (unit) => column[unit] as number);
  const mean = meanOf(values);
  return values.map((value) => value - mean);
}

const SWEEPS = 100;

/**
 * Eigenvector of the largest eigenvalue of a symmetric matrix (row after row), by cyclic Jacobi rotations
 * (G. H. Golub, C. F. Van Loan, Matrix Computations, 4th ed., 8.5); of length 1, its sum not negative.
 */
export function firstComponent(matrix: Float64Array, count: number): Float64Array {
  const a = matrix.slice();
  const vectors = new Float64Array(count * count);
  for (let row = 0; row < count; row++) vectors[row * count + row] = 1;
  for (let sweep = 0; sweep < SWEEPS && offDiagonal(a, count) > 1e-30; sweep++) {
    for (let p = 0; p < count - 1; p++) {
      for (let q = p + 1; q < count; q++) rotate(a, vectors, count, p, q);
    }
  }
  let best = 0;
  for (let place = 1; place < count; place++) {
    if ((a[place * count + place] as number) > (a[best * count + best] as number)) best = place;
  }
  const vector = Float64Array.from(
    { length: count },
    (_, row) => vectors[row * count + best] as number,
  );
  const sum = vector.reduce((total, part) => total + part, 0);
  return sum < 0 ? vector.map((part) => -part) : vector;
}

function offDiagonal(a: Float64Array, count: number): number {
  let sum = 0;
  for (let p = 0; p < count; p++) {
    for (let q = 0; q < count; q++) if (p !== q) sum += (a[p * count + q] as number) ** 2;
  }
  return sum;
}

function rotate(a: Float64Array, vectors: Float64Array, count: number, p: number, q: number): void {
  const between = a[p * count + q] as number;
  if (between === 0) return;
  const half = ((a[q * count + q] as number) - (a[p * count + p] as number)) / (2 * between);
  const tangent = (half >= 0 ? 1 : -1) / (Math.abs(half) + Math.sqrt(half * half + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  const turn = (matrix: Float64Array, one: number, other: number) => {
    const [x, y] = [matrix[one] as number, matrix[other] as number];
    matrix[one] = cosine * x - sine * y;
    matrix[other] = sine * x + cosine * y;
  };
  for (let row = 0; row < count; row++) turn(a, row * count + p, row * count + q);
  for (let column = 0; column < count; column++) turn(a, p * count + column, q * count + column);
  for (let row = 0; row < count; row++) turn(vectors, row * count + p, row * count + q);
}
