import { describe, expect, it } from "vitest";
import { openStream } from "../../src/uncertainty/random.ts";
import { estimateSensitivity } from "../../src/uncertainty/sensitivity.ts";

/** Ishigami's function with a = 7 and b = 0.1, whose indices are known in closed form. */
function ishigami([x1, x2, x3]: readonly number[]): number {
  return Math.sin(x1!) + 7 * Math.sin(x2!) ** 2 + 0.1 * x3! ** 4 * Math.sin(x1!);
}

const ROWS = 40_000;

function sample(name: string): number[][] {
  const stream = openStream(1, name);
  return Array.from({ length: ROWS }, () => [0, 1, 2].map(() => Math.PI * (2 * stream() - 1)));
}

describe("first-order and total indices", () => {
  // T. Ishigami, T. Homma 1990; A. Saltelli et al., Global Sensitivity Analysis: The Primer (2008), 4.6:
  // V = a²/8 + bπ⁴/5 + b²π⁸/18 + 1/2 = 13.8446; V1 = (1 + bπ⁴/5)²/2, V2 = a²/8, V13 = 8b²π⁸/225
  const first = sample("A");
  const second = sample("B");
  const evaluate = (rows: readonly number[][]) => Float64Array.from(rows, ishigami);
  it.each([
    [0, 0.3139, 0.5576],
    [1, 0.4424, 0.4424],
    [2, 0, 0.2437],
  ])("of Ishigami's factor %i are %f and %f", (factor, firstOrder, total) => {
    const swapped = first.map((row, at) =>
      row.map((value, place) => (place === factor ? second[at]![place]! : value)),
    );
    const found = estimateSensitivity(evaluate(first), evaluate(second), evaluate(swapped));
    expect(found.firstOrder).toBeCloseTo(firstOrder, 1);
    expect(Math.abs(found.firstOrder - firstOrder)).toBeLessThan(0.02);
    expect(Math.abs(found.total - total)).toBeLessThan(0.02);
  });

  it("leaves rows that lack an output out", () => {
    const gap = Float64Array.of(1, Number.NaN, 2, 3);
    const other = Float64Array.of(2, 5, 1, 5);
    const swapped = Float64Array.of(1, 1, 2, 3);
    // rows 1, 3 and 4: A and AB agree, so nothing is this factor's doing in total
    expect(estimateSensitivity(gap, other, swapped).total).toBe(0);
  });

  it("has none when the output does not vary", () => {
    const flat = Float64Array.of(4, 4, 4);
    expect(estimateSensitivity(flat, flat, flat)).toEqual({
      firstOrder: Number.NaN,
      total: Number.NaN,
    });
  });
});
