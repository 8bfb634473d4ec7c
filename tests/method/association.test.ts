import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  associate,
  averageRanks,
  cronbachAlpha,
  kendallTau,
} from "../../src/method/association.ts";

const of = (...values: number[]) => Float64Array.from(values);

describe("association of two columns", () => {
  it("agrees with what is worked out by hand", () => {
    // x 1 2 3 4 5, y 2 1 4 3 5: Σdxdy = 8, Σdx² = Σdy² = 10; ranks are the values; 8 pairs agree, 2 do not
    const found = associate(of(1, 2, 3, 4, 5), of(2, 1, 4, 3, 5));
    expect(found.pearson).toBeCloseTo(0.8, 12);
    expect(found.spearman).toBeCloseTo(0.8, 12);
    expect(found.kendall).toBeCloseTo(0.6, 12);
  });

  it("shares the ranks of ties", () => {
    expect([...averageRanks(of(3, 1, 3, 2, 3))]).toEqual([4, 1, 4, 2, 4]);
  });

  it("counts ties in tau-b", () => {
    // pairs of (1,1) (1,2) (2,2): tied in x one, in y one, concordant one: 1 / √((3-1)(3-1))
    expect(kendallTau(of(1, 1, 2), of(1, 2, 2))).toBeCloseTo(0.5, 12);
  });

  it("takes only units that have both, at least three", () => {
    const gap = Number.NaN;
    expect(associate(of(1, gap, 2, 3), of(1, 9, 2, 3))).toMatchObject({ pearson: 1, units: 3 });
    expect(associate(of(1, gap, 2), of(1, 9, 2)).kendall).toBeNaN();
  });

  it("has the tau that counting every pair gives", () => {
    const values = fc.array(
      fc.tuple(fc.integer({ max: 4, min: 0 }), fc.integer({ max: 4, min: 0 })),
      {
        minLength: 2,
        maxLength: 40,
      },
    );
    fc.assert(
      fc.property(values, (pairs) => {
        let agree = 0;
        let [x, y] = [0, 0];
        pairs.forEach(([a, b], one) => {
          for (const [c, d] of pairs.slice(one + 1)) {
            agree += Math.sign(a - c) * Math.sign(b - d);
            if (a !== c) x++;
            if (b !== d) y++;
          }
        });
        const found = kendallTau(of(...pairs.map(([a]) => a)), of(...pairs.map(([, b]) => b)));
        if (x === 0 || y === 0) expect(found).toBeNaN();
        else expect(found).toBeCloseTo(agree / Math.sqrt(x * y), 12);
      }),
    );
  });
});

describe("Cronbach's alpha", () => {
  it("agrees with what is worked out by hand", () => {
    // children 1 2 3 and 1 3 2: variances 1 and 1, sums 2 5 5 of variance 3: 2/1 · (1 - 2/3)
    expect(cronbachAlpha([of(1, 2, 3), of(1, 3, 2)])).toBeCloseTo(2 / 3, 12);
    expect(cronbachAlpha([of(1, 2, 3), of(1, 2, 3)])).toBeCloseTo(1, 12);
    expect(cronbachAlpha([of(1, 2, 3)])).toBeNaN();
  });
});
