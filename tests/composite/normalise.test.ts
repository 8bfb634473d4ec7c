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

// 19 of 20 have 0 where less is better: both quantiles are 0, and clamping would give 100 to the one with 9 too.
const ALMOST_ALIKE = Float64Array.from({ length: 20 }, (_, body) => (body === 0 ? 9 : 0));
test("winsor limits that coincide leave the extremes as ends, or are refused; the worst is never the best", () => {
  const winsor = { low: 0.05, high: 0.9 };
  const rule = { ...minMax, winsor } as Normalisation;
  expect(scoreOf(rule, "lower", 9, ALMOST_ALIKE)).toBe(0);
  expect(scoreOf(rule, "lower", 0, ALMOST_ALIKE)).toBe(100);
  expect(scoreOf(rule, "higher", 9, ALMOST_ALIKE)).toBe(100);
  const refusing = { ...minMax, winsor: { ...winsor, when_coincide: "refuse" } } as Normalisation;
  expect(() => scoreOf(refusing, "lower", 9, ALMOST_ALIKE)).toThrow(
    /both ends, the quantiles 0.05 and 0.9, are 0, though the values differ/,
  );
  // Where all are alike there is nothing to refuse.
  expect(scoreOf(refusing, "lower", 0, new Float64Array(20))).toBe(70);
});

test.each<[string, Normalisation]>([
  ["min_max", { method: "min_max", when_equal: 40 }],
  ["winsorised", { method: "min_max", when_equal: 40, winsor: { low: 0.05, high: 0.95 } }],
  ["z_score", { method: "z_score", when_equal: 40 }],
  ["percentile_rank", { method: "percentile_rank", when_equal: 40 }],
  ["rank", { method: "rank", when_equal: 40 }],
  ["borda", { method: "borda", when_equal: 40 }],
  ["distance_to_target", { method: "distance_to_target", target: 9, when_equal: 40 }],
  ["a target that all have", { method: "distance_to_target", target: 5, when_equal: 40 }],
  ["distance_to_reference", { method: "distance_to_reference", entity: "a", when_equal: 40 }],
  ["fraction_of_best", { method: "fraction_of_best", when_equal: 40 }],
])("when_equal is honoured by %s, also where values are equal but for rounding", (_name, rule) => {
  expect(scoreOf(rule, "higher", 5, Float64Array.of(5, 5, 5))).toBe(40);
  const rounded = Float64Array.of(0.3, 0.1 + 0.2, 0.3);
  const shifted = rule.method === "distance_to_target" ? { ...rule, target: 0.3 } : rule;
  for (const value of rounded) expect(scoreOf(shifted, "higher", value, rounded)).toBe(40);
});

test("a value of another period than all the alike ones gets an end of the scale, or is refused", () => {
  const alike = Float64Array.of(0, 0, 0);
  for (const method of ["min_max", "percentile_rank"] as const) {
    const rule: Normalisation = { method, when_equal: 100, reference_period: "2018-01" };
    expect(scoreOf(rule, "lower", 50, alike)).toBe(0);
    expect(scoreOf(rule, "higher", 50, alike)).toBe(100);
    expect(scoreOf(rule, "lower", 0, alike)).toBe(100);
  }
  const rule: Normalisation = { method: "z_score", when_equal: 100, reference_period: "2018-01" };
  expect(() => scoreOf(rule, "lower", 50, alike)).toThrow(
    /in the reference period all bodies have the value 0, and in another one has 50/,
  );
});

test("places among peers do not go by rounding: values equal but for it tie, a chain of them joins nobody else", () => {
  const values = Float64Array.of(0.1 + 0.2, 0.3, 0.2, 0.4);
  for (const method of ["rank", "borda", "percentile_rank"] as const) {
    expect(scoreOf({ method }, "higher", 0.3, values)).toBe(
      scoreOf({ method }, "higher", 0.1 + 0.2, values),
    );
  }
  expect(scoreOf({ method: "rank" }, "higher", 0.3, values)).toBe(2);
  expect(scoreOf({ method: "rank" }, "higher", 0.4, values)).toBe(4);
  // Each 0.8e-12 below the one before: the third lies 1.6e-12 below the first.
  const chain = Float64Array.of(1, 1 - 0.8e-12, 1 - 1.6e-12);
  const ranks = [...chain].map((value) => scoreOf({ method: "rank" }, "higher", value, chain));
  expect(ranks).toEqual([2, 2, 1]);
  // Small figures are told apart by their own size.
  const small = Float64Array.of(1e-17, 2e-17, 3e-17);
  expect([...small].map((value) => scoreOf({ method: "rank" }, "higher", value, small))).toEqual([
    1, 2, 3,
  ]);
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
