import fc from "fast-check";
import { expect, test } from "vitest";
import { normalise, peerRange } from "../../src/score/normalise.ts";
import type { Normalisation } from "../../src/standard/evaluation-standard.ts";

const RANGE = { low: 20, high: 60, peers: 5 };
const scoreOf = (rule: Normalisation, direction: "higher" | "lower", value: number) =>
  normalise(rule, direction, value, RANGE)?.score;

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
  expect(normalise(minMax, "higher", 5, { low: 5, high: 5, peers: 3 })?.score).toBe(70);
  expect(normalise(minMax, "higher", 5, { low: 1, high: 9, peers: 2 })).toBeUndefined();
});

// Type 7: of 0, 10, 20, 30, 40 the 10 % quantile is at position 0.4: 4.
test("winsor limits are quantiles of the peers", () => {
  expect(peerRange([40, 0, 20, 10, 30], { low: 0.1, high: 0.9 })).toEqual({
    low: 4,
    high: 36,
    peers: 5,
  });
  expect(peerRange([40, 0, 20])).toEqual({ low: 0, high: 40, peers: 3 });
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
