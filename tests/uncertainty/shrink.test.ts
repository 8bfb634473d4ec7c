import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shrink } from "../../src/uncertainty/shrink.ts";

const cases = (...pairs: [number, number][]) =>
  pairs.map(([numerator, denominator]) => ({ numerator, denominator }));

describe("shrinking shares", () => {
  it("agrees with what is worked out by hand", () => {
    // 1, 5 and 9 of 10: p = 1/2, Q = 10·0.16·2 = 3.2, (3.2 - 2·0.25) / (30 - 10 - 2) = 0.15, M = 0.25/0.15 - 1 = 2/3
    const { values, prior } = shrink("share", cases([1, 10], [5, 10], [9, 10]));
    expect(prior?.a).toBeCloseTo(1 / 3, 12);
    expect(prior?.b).toBeCloseTo(1 / 3, 12);
    // (1 + 1/3) / (10 + 2/3) = 1/8
    expect(values[0]).toBeCloseTo(1 / 8, 12);
    expect(values[1]).toBeCloseTo(1 / 2, 12);
    expect(values[2]).toBeCloseTo(7 / 8, 12);
  });

  it("gives all their common share when they differ by chance only", () => {
    // 4, 5 and 6 of 10: Q = 0.2 is less than 2·0.25
    const { values, prior } = shrink("share", cases([4, 10], [5, 10], [6, 10]));
    expect([...values]).toEqual([0.5, 0.5, 0.5]);
    expect(prior).toBeUndefined();
  });

  it("leaves fewer than three peers alone", () => {
    expect([...shrink("share", cases([1, 10], [9, 10])).values]).toEqual([0.1, 0.9]);
  });

  it("draws the smaller count further", () => {
    const { values } = shrink("share", cases([1, 2], [500, 1000], [90, 100], [10, 100]));
    const [small = 0] = shrink("share", cases([0, 2], [500, 1000], [90, 100], [10, 100])).values;
    const [large = 0] = shrink("share", cases([0, 100], [500, 1000], [90, 100], [10, 100])).values;
    expect(small).toBeGreaterThan(large);
    expect(values[0]).toBeCloseTo(0.5, 1);
  });
});

describe("shrinking rates", () => {
  it("agrees with what is worked out by hand", () => {
    // 2, 6 and 10 on 2 each: m = 3, s² = (4 + 0 + 4)/3 = 8/3, A = 8/3 - 3/2 = 7/6; 1 goes to 3 - 2·(7/6)/(7/6 + 3/2) = 17/8
    const { values } = shrink("rate", cases([2, 2], [6, 2], [10, 2]));
    expect(values[0]).toBeCloseTo(17 / 8, 12);
    expect(values[1]).toBeCloseTo(3, 12);
    expect(values[2]).toBeCloseTo(31 / 8, 12);
  });
});

describe("shrinking", () => {
  const list = fc.array(
    fc
      .integer({ min: 1, max: 200 })
      .chain((denominator) =>
        fc.integer({ min: 0, max: denominator }).map((numerator) => ({ numerator, denominator })),
      ),
    { minLength: 3, maxLength: 12 },
  );

  it("puts every value between its own and the common one, and does not depend on the order", () => {
    fc.assert(
      fc.property(list, fc.constantFrom("share" as const, "rate" as const), (peers, model) => {
        const { values } = shrink(model, peers);
        const common =
          peers.reduce((sum, { numerator }) => sum + numerator, 0) /
          peers.reduce((sum, { denominator }) => sum + denominator, 0);
        peers.forEach(({ numerator, denominator }, at) => {
          const raw = numerator / denominator;
          expect(values[at]!).toBeGreaterThanOrEqual(Math.min(raw, common) - 1e-9);
          expect(values[at]!).toBeLessThanOrEqual(Math.max(raw, common) + 1e-9);
        });
        const turned = shrink(model, peers.toReversed()).values.toReversed();
        turned.forEach((value, at) => {
          expect(value).toBeCloseTo(values[at]!, 9);
        });
      }),
    );
  });
});
