import fc from "fast-check";
import { expect, test } from "vitest";
import { quantile } from "../../src/composite/order.ts";
import { makeScale } from "../../src/composite/scale.ts";
import type { Normalisation } from "../../src/standard/evaluation-standard.ts";

const PEERS = Float64Array.of(20, 30, 40, 50, 60);
const scoreOf = (
  rule: Normalisation,
  direction: "higher" | "lower",
  value: number,
  values: Float64Array = PEERS,
) => makeScale(rule, { id: "x", direction, values })?.score(value);

const goalposts: Normalisation = { method: "goalposts", low: 60, high: 100 };
const minMax: Normalisation = { method: "min_max", minimum_peers: 3, when_equal: 70 };
const perUnit: Normalisation = {
  method: "deduction",
  start: 100,
  beyond: 7,
  per: 2,
  points: 5,
  floor: 40,
};
const byBands: Normalisation = {
  method: "deduction",
  start: 90,
  floor: 0,
  bands: [
    { below: 3, points: 0 },
    { from: 3, points: 25 },
  ],
};
const table: Normalisation = {
  method: "points",
  bands: [
    { below: 120, points: 100 },
    { from: 120, below: 200, points: 75 },
    { from: 200, points: 0 },
  ],
};
const target: Normalisation = { method: "target", target: 40 };

test.each<[string, Normalisation, "higher" | "lower", number, number]>([
  ["between goalposts, (70-60)/40", goalposts, "higher", 70, 25],
  ["between goalposts when less is better", goalposts, "lower", 70, 75],
  ["below the goalposts", goalposts, "higher", 10, 0],
  ["above the goalposts", goalposts, "higher", 130, 100],
  ["among peers, (30-20)/40", minMax, "higher", 30, 25],
  ["among peers when less is better", minMax, "lower", 30, 75],
  ["beyond the winsor limit", minMax, "higher", 99, 100],
  ["free up to the limit", perUnit, "lower", 7, 100],
  ["3 units too many at 5 points per 2", perUnit, "lower", 10, 92.5],
  ["3 units short at 5 points per 2", perUnit, "higher", 4, 92.5],
  ["no lower than the floor", perUnit, "lower", 1000, 40],
  ["deducted by bands, below the edge", byBands, "lower", 2.999, 90],
  ["deducted by bands, on the edge", byBands, "lower", 3, 65],
  ["a table's edge belongs to the band above", table, "lower", 120, 75],
  ["just below a table's edge", table, "lower", 119.999, 100],
  ["half of the target", target, "higher", 20, 50],
  ["the target met", target, "higher", 40, 100],
  ["twice the target when less is better", target, "lower", 80, 50],
  ["below nothing", target, "higher", -5, 0],
])("%s", (_name, rule, direction, value, expected) => {
  expect(scoreOf(rule, direction, value)).toBeCloseTo(expected, 10);
});

test("peers all alike get the stated score, and too few peers get none", () => {
  expect(scoreOf(minMax, "higher", 5, Float64Array.of(5, 5, 5))).toBe(70);
  expect(scoreOf(minMax, "higher", 5, Float64Array.of(1, 9))).toBeUndefined();
});

// Type 7: of 0, 10, 20, 30, 40 the 10 % quantile is at position 0.4: 4.
test("winsor limits are quantiles of the peers", () => {
  const sorted = Float64Array.of(0, 10, 20, 30, 40);
  expect([quantile(sorted, 0.1), quantile(sorted, 0.9)]).toEqual([4, 36]);
  const rule: Normalisation = { method: "min_max", winsor: { low: 0.1, high: 0.9 } };
  expect(scoreOf(rule, "higher", 20, sorted)).toBe(50);
  expect(scoreOf(rule, "higher", 40, sorted)).toBe(100);
});

test("a better value never scores less, by any method", () => {
  const value = fc.double({ min: -50, max: 400, noNaN: true });
  const rule = fc.constantFrom(goalposts, minMax, perUnit, target);
  fc.assert(
    fc.property(
      rule,
      fc.constantFrom("higher", "lower"),
      value,
      value,
      (method, direction, one, two) => {
        const [worse, better] = (direction === "higher") === one < two ? [one, two] : [two, one];
        expect(scoreOf(method, direction, better)).toBeGreaterThanOrEqual(
          scoreOf(method, direction, worse)!,
        );
      },
    ),
  );
});
