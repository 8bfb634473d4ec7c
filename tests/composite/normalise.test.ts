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

// Values 10, 20, 40, 40, 50; the formulas are those of COINr's n_prank, n_rank, n_borda, n_dist2targ, n_fracmax, n_scaled.
const FIVE = Float64Array.of(10, 20, 40, 40, 50);
const rank: Normalisation = { method: "rank" };
const percentile: Normalisation = { method: "percentile_rank" };
test.each<[string, Normalisation, "higher" | "lower", number, number]>([
  ["the worst has rank 1", rank, "higher", 10, 1],
  ["ties take the lowest rank of theirs", rank, "higher", 40, 3],
  ["the best has rank n", rank, "higher", 50, 5],
  ["the smallest is best when less is better", rank, "lower", 10, 5],
  ["ties when less is better", rank, "lower", 40, 2],
  ["ties at their mean rank", { method: "rank", ties: "average" }, "higher", 40, 3.5],
  ["Borda counts those outdone", { method: "borda" }, "higher", 40, 2],
  ["one of four others is worse", percentile, "higher", 20, 25],
  ["two of four others are worse", percentile, "higher", 40, 50],
  ["all others are worse", percentile, "lower", 10, 100],
  [
    "three steps of six to the target",
    { method: "distance_to_target", target: 70 },
    "higher",
    40,
    50,
  ],
  ["beyond the target", { method: "distance_to_target", target: 30 }, "higher", 50, 100],
  [
    "beyond it, not capped",
    { method: "distance_to_target", target: 30, capped: false },
    "higher",
    50,
    200,
  ],
  [
    "to a target when less is better",
    { method: "distance_to_target", target: 10 },
    "lower",
    20,
    75,
  ],
  ["a fraction of the best", { method: "fraction_of_best" }, "higher", 20, 40],
  ["the best as a fraction", { method: "fraction_of_best" }, "lower", 40, 25],
  ["on a scale of its own", { method: "scaled", low: 20, high: 40 }, "higher", 50, 150],
  ["on another range", { method: "min_max", range: { low: 1, high: 5 } }, "higher", 20, 2],
  [
    "on another range when less is better",
    { method: "min_max", range: { low: 1, high: 5 } },
    "lower",
    20,
    4,
  ],
])("%s", (_name, rule, direction, value, expected) => {
  expect(scoreOf(rule, direction, value, FIVE)).toBeCloseTo(expected, 12);
});

test("a z-score by hand: 2, 4, 6 have the mean 4 and the deviation 2", () => {
  const values = Float64Array.of(2, 4, 6);
  const rule: Normalisation = { method: "z_score", mean: 100, deviation: 10 };
  expect([2, 4, 6].map((value) => scoreOf(rule, "higher", value, values))).toEqual([90, 100, 110]);
  expect(scoreOf(rule, "lower", 2, values)).toBe(110);
});

test("the distance to a body's own value", () => {
  const rule: Normalisation = { method: "distance_to_reference", entity: "B" };
  const lookUp = (entity: string) => (entity === "B" ? 40 : undefined);
  const scale = makeScale(rule, { id: "x", direction: "higher", values: FIVE, lookUp });
  // 1 - (40 - x) / (40 - 10), COINr's n_dist2ref, times 100
  expect([10, 25, 40, 50].map((value) => scale?.score(value))).toEqual([0, 50, 100, 400 / 3]);
  expect(() => makeScale(rule, { id: "x", direction: "higher", values: FIVE })).toThrow(
    /"x" is measured by its distance to B, which has no value/,
  );
});

test("both ends of a capped scale are exact, whatever the division rounds to", () => {
  const ends = fc.tuple(
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
  );
  fc.assert(
    fc.property(ends, fc.constantFrom("higher", "lower"), ([low, width], direction) => {
      const values = Float64Array.of(low, low + width);
      const rule: Normalisation = { method: "min_max", range: { low: 0.1, high: 100 } };
      const scores = Array.from(values, (value) => scoreOf(rule, direction, value, values));
      expect(scores.toSorted((a, b) => a! - b!)).toEqual([0.1, 100]);
    }),
  );
});

test.each<[Normalisation, RegExp]>([
  [{ method: "min_max" }, /"x" cannot be scored by min_max: all bodies compared have the value 7/],
  [{ method: "z_score" }, /z_score: all bodies compared have the value 7/],
  [{ method: "rank" }, /rank: all bodies compared have the value 7/],
  [
    { method: "distance_to_target", target: 5 },
    /"x" cannot be scored by distance_to_target: 5 is not better than the worst value, 7/,
  ],
])("without spread, $method is refused in a sentence", (rule, sentence) => {
  expect(() => scoreOf(rule, "higher", 7, Float64Array.of(7, 7, 7))).toThrow(sentence);
});

test("a fraction of nothing is refused in a sentence", () => {
  expect(() =>
    scoreOf({ method: "fraction_of_best" }, "higher", 1, Float64Array.of(-1, 1)),
  ).toThrow(/its lowest value is -1, and a fraction needs values above 0/);
});
