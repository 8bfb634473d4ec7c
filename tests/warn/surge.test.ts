import { expect, test } from "vitest";
import { estimateNoise, movementNoise } from "../../src/warn/score-noise.ts";
import { measureSurge } from "../../src/warn/surge.ts";

const options = { months: 1, baselineMonths: 12, minimumCount: 20 };
const counts = (...list: number[]) => Float64Array.from(list);

test("a surge is counted in spreads above the median of the months before", () => {
  // Median 36; deviations 0 to 12 with the median 6: 1.4826 × 6 = 8.8956, more than √36 = 6.
  const list = counts(24, 30, 36, 42, 48, 30, 42, 80);
  const { value, count, baseline } = measureSurge(list, 7, options);
  expect([count, baseline]).toEqual([80, 36]);
  expect(value).toBeCloseTo(44 / 8.8956, 10);
});

test("a steady count still moves by chance: the spread is no less than that of a Poisson count", () => {
  const { value } = measureSurge(counts(36, 36, 36, 36, 36, 36, 60), 6, options);
  expect(value).toBe(4);
});

test("a season that comes every year is no surge", () => {
  const year = [30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 120];
  const list = counts(...year, ...year, ...year);
  const { value, baseline } = measureSurge(list, 35, { ...options, baselineMonths: 24 });
  // The same month a year ago stood at four times the median of the months around it.
  expect(baseline).toBe(120);
  expect(value).toBe(0);
});

test("few cases are no surge, however unusual; without a past nothing is said", () => {
  expect(measureSurge(counts(1, 1, 1, 1, 1, 1, 19), 6, options).value).toBe(0);
  expect(measureSurge(counts(1, 1, 1, 1, 1, 90), 5, options).value).toBeNaN();
});

test("stretches of three months are summed and do not overlap with the baseline", () => {
  const list = counts(5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 20, 20, 20);
  const { count, baseline } = measureSurge(list, 13, {
    months: 3,
    baselineMonths: 12,
    minimumCount: 1,
  });
  // The newest stretch of the baseline ends at month 10, before the three months in question.
  expect([count, baseline]).toEqual([60, 15]);
});

test("the noise of scores is the robust spread of their movements, at least one point", () => {
  expect(estimateNoise([])).toBe(1);
  expect(estimateNoise([0.1, -0.2, 0.3])).toBe(1);
  // Sizes 1, 2, 2, 4, 30: the median is 2.
  expect(estimateNoise([1, -2, 2, -4, 30])).toBeCloseTo(2.9652, 10);
});

test("of a window of eight periods a movement has a quarter of the score's variance", () => {
  expect(movementNoise(6, 8)).toBe(3);
  // Without a window that rolls, two scores are independent: √2 × 6.
  expect(movementNoise(6, 1)).toBeCloseTo(8.485281, 6);
  expect(movementNoise(0.5, 8)).toBe(1);
});
