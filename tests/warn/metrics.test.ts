import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fitLogistic, predictLogistic } from "../../src/warn/backtest/logistic.ts";
import {
  areaUnderCurve,
  chooseThreshold,
  confuse,
  falseAlarmRate,
  medianOfList,
  noiseToSignal,
  precision,
  recall,
  usefulness,
} from "../../src/warn/backtest/metrics.ts";

describe("ten cases: three came, of which two were warned of; of the seven others one was", () => {
  const came = [true, true, true, false, false, false, false, false, false, false];
  const warned = [true, true, false, true, false, false, false, false, false, false];
  const counts = confuse(warned, came);

  test("counts", () => {
    expect(counts).toEqual({ hits: 2, falseAlarms: 1, misses: 1, quiet: 6 });
  });

  test("rates", () => {
    expect(precision(counts)).toBeCloseTo(2 / 3, 12);
    expect(recall(counts)).toBeCloseTo(2 / 3, 12);
    expect(falseAlarmRate(counts)).toBeCloseTo(1 / 7, 12);
    // (1 / 7) / (2 / 3)
    expect(noiseToSignal(counts)).toBeCloseTo(3 / 14, 12);
    // 0.5 - (0.5 × 1/3 + 0.5 × 1/7) = 0.5 - 5/21
    expect(usefulness(counts, 0.5)).toBeCloseTo(0.5 - 5 / 21, 12);
    // 0.2 - (0.2 × 1/3 + 0.8 × 1/7)
    expect(usefulness(counts, 0.2)).toBeCloseTo(0.2 - 0.2 / 3 - 0.8 / 7, 12);
  });
});

describe("area under the curve", () => {
  test("by hand: of the four pairs three are in order, one is a tie", () => {
    expect(areaUnderCurve([3, 2, 2, 1], [true, true, false, false])).toBe(0.875);
  });

  test("is the share of pairs in order, ties counting half", () => {
    const cases = fc.array(
      fc.record({ score: fc.integer({ min: 0, max: 6 }), came: fc.boolean() }),
      { minLength: 2, maxLength: 40 },
    );
    fc.assert(
      fc.property(cases, (list) => {
        const yes = list.filter(({ came }) => came);
        const no = list.filter(({ came }) => !came);
        fc.pre(yes.length > 0 && no.length > 0);
        let sum = 0;
        for (const a of yes)
          for (const b of no) sum += a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0;
        const area = areaUnderCurve(
          list.map(({ score }) => score),
          list.map(({ came }) => came),
        );
        expect(area).toBeCloseTo(sum / (yes.length * no.length), 12);
      }),
    );
  });
});

test("the threshold is the one that would have been most useful", () => {
  // At 8: 2 of 2 hits, 1 of 4 false alarms. Higher misses one, lower warns of more that did not come.
  expect(chooseThreshold([9, 8, 8, 3, 2, 1], [true, true, false, false, false, false], 0.5)).toBe(
    8,
  );
  // Every threshold would have done no better than never warning.
  expect(chooseThreshold([1, 2, 3], [true, false, false], 0.5)).toBe(Number.POSITIVE_INFINITY);
  expect(chooseThreshold([1, 1, 1], [true, false, false], 0.5)).toBe(Number.POSITIVE_INFINITY);
});

test("median of a list", () => {
  expect(medianOfList([3, 1, 2])).toBe(2);
  expect(medianOfList([4, 1, 2, 3])).toBe(2.5);
  expect(medianOfList([])).toBeNaN();
});

describe("logistic regression", () => {
  test("of one two-valued feature gives the shares observed", () => {
    // 1 of 4 came without the feature, 3 of 4 with it.
    const rows = [0, 0, 0, 0, 1, 1, 1, 1].map((value) => Float64Array.of(value));
    const came = [true, false, false, false, true, true, true, false];
    const model = fitLogistic(rows, came, 0);
    expect(predictLogistic(model, Float64Array.of(0))).toBeCloseTo(0.25, 6);
    expect(predictLogistic(model, Float64Array.of(1))).toBeCloseTo(0.75, 6);
  });

  test("a heavy penalty leaves the share of all", () => {
    const rows = [0, 0, 1, 1].map((value) => Float64Array.of(value));
    const model = fitLogistic(rows, [false, false, true, false], 1e9);
    expect(predictLogistic(model, Float64Array.of(1))).toBeCloseTo(0.25, 4);
  });
});
