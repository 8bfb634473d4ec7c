import fc from "fast-check";
import { expect, test } from "vitest";
import { countAbove, countBelow, rankDown } from "../../src/composite/order.ts";
import { meanOf, momentsOf, shapeOf, sumInPlace } from "../../src/composite/sums.ts";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e200, max: 1e200 });
const list = fc.array(finite, { minLength: 1, maxLength: 60 });
const shuffled = list.chain((values) =>
  fc.tuple(
    fc.constant(values),
    fc.shuffledSubarray(values, { minLength: values.length, maxLength: values.length }),
  ),
);

test("a sum is the same to the last bit in any order", () => {
  fc.assert(
    fc.property(shuffled, ([one, other]) => {
      expect(sumInPlace(Float64Array.from(other))).toBe(sumInPlace(Float64Array.from(one)));
    }),
    { numRuns: 1000 },
  );
});

test("what cancels leaves what is small", () => {
  expect(sumInPlace(Float64Array.of(1e16, 1, -1e16))).toBe(1);
  expect(sumInPlace(Float64Array.of(0.1, 0.2, -0.3))).toBeCloseTo(2.7755575615628914e-17, 30);
  expect(sumInPlace(new Float64Array(0))).toBe(0);
  expect(sumInPlace(Float64Array.of(1, Number.NaN))).toBeNaN();
});

test("whole numbers add up exactly", () => {
  const whole = fc.array(fc.integer({ min: -1e9, max: 1e9 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(whole, (values) => {
      const exact = values.reduce((sum, value) => sum + value, 0);
      expect(sumInPlace(Float64Array.from(values)) + 0).toBe(exact + 0);
    }),
  );
});

test("moments by hand: 2, 4, 4, 4, 5, 5, 7, 9 have the mean 5 and 32/7 as their variance", () => {
  const values = Float64Array.of(2, 4, 4, 4, 5, 5, 7, 9);
  expect(meanOf(values)).toBe(5);
  expect(momentsOf(values).deviation).toBeCloseTo(Math.sqrt(32 / 7), 14);
});

// Distances -1, -1, -1, 3: m2 = 12, m3 = 24, m4 = 84. G1 = 2·24/12^1.5 · √12/2 = 2. Kurtosis 4·84/144 - 3 = -2/3;
// G2 = (5 · -2/3 + 6) · 3 / (2 · 1) = 4.
test("skewness and kurtosis by hand", () => {
  const { skewness, kurtosis } = shapeOf(Float64Array.of(1, 1, 1, 5));
  expect(skewness).toBeCloseTo(2, 12);
  expect(kurtosis).toBeCloseTo(4, 12);
  expect(shapeOf(Float64Array.of(3, 3, 3, 3)).skewness).toBeNaN();
  expect(shapeOf(Float64Array.of(1, 2, 4)).kurtosis).toBeNaN();
});

test("places share ties within the tolerance of the first of the run", () => {
  const ranks = (scores: number[], tolerance: number) => [
    ...rankDown(Float64Array.from(scores), tolerance),
  ];
  expect(ranks([50, 70, 70, 90], 0)).toEqual([4, 2, 2, 1]);
  expect(ranks([0.1 + 0.2, 0.3, 0.2], 0)).toEqual([1, 2, 3]);
  expect(ranks([0.1 + 0.2, 0.3, 0.2], 1e-9)).toEqual([1, 1, 3]);
  // Each lies within 1 of its neighbour, but the third 1.6 below the first: the chain breaks there.
  expect(ranks([10, 9.2, 8.4, 7.6], 1)).toEqual([1, 1, 3, 3]);
  expect(ranks([5, Number.NaN, 7], 0)).toEqual([2, 0, 1]);
});

test("a place is one more than how many are better by more than the tolerance, where there are no chains", () => {
  const scores = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(scores, (values) => {
      const ranks = rankDown(Float64Array.from(values), 0.5);
      values.forEach((own, unit) => {
        expect(ranks[unit]).toBe(1 + values.filter((other) => other > own).length);
      });
    }),
  );
});

test("how many are smaller and larger", () => {
  const sorted = Float64Array.of(1, 2, 2, 5);
  expect([countBelow(sorted, 2), countAbove(sorted, 2)]).toEqual([1, 1]);
  expect([countBelow(sorted, 0), countAbove(sorted, 9)]).toEqual([0, 0]);
  expect([countBelow(sorted, 9), countAbove(sorted, 0)]).toEqual([4, 4]);
});
