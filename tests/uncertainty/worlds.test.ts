import { mean, sampleVariance } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { type Count, openWorlds } from "../../src/uncertainty/worlds.ts";

const share = (entity: string, numerator: number, denominator: number, cell = 0): Count => ({
  cell,
  entity,
  indicator: "I",
  model: "share",
  numerator,
  denominator,
  scale: 100,
});

function draw(counts: readonly Count[], cell: number, worlds: number, seed = 7): number[] {
  const opened = openWorlds(counts, 0.5, seed);
  const values = new Float64Array(8);
  return Array.from({ length: worlds }, (_, world) => {
    opened.fill(world, values);
    return values[cell] as number;
  });
}

describe("worlds of counts", () => {
  it("draws a share of 8 in 10 from Beta(8.5, 2.5)", () => {
    const drawn = draw([share("E", 8, 10)], 0, 20_000);
    // mean α/(α+β) = 8.5/11; variance αβ/((α+β)²(α+β+1)) = 21.25/(121·12), in per cent squared
    expect(mean(drawn)).toBeCloseTo((100 * 8.5) / 11, 0);
    expect(sampleVariance(drawn) / ((1e4 * 21.25) / (121 * 12))).toBeCloseTo(1, 1);
    expect(Math.min(...drawn)).toBeGreaterThan(0);
    expect(Math.max(...drawn)).toBeLessThan(100);
  });

  it("draws a rate of 4 cases on 1,000 from Gamma(4.5) / 1,000", () => {
    const count: Count = { ...share("E", 4, 1000), model: "rate", scale: 10_000 };
    const drawn = draw([count], 0, 20_000);
    // mean and variance of Gamma(4.5, 1) are both 4.5; the value is 10 times it
    expect(mean(drawn) / 45).toBeCloseTo(1, 1);
    expect(sampleVariance(drawn) / 450).toBeCloseTo(1, 1);
  });

  it("gives no body other draws because of who else is there, or in which order", () => {
    const [one, two] = [share("E1", 8, 10, 0), share("E2", 3, 10, 1)];
    const alone = draw([two], 1, 200);
    expect(draw([one, two], 1, 200)).toEqual(alone);
    expect(draw([two, one], 1, 200)).toEqual(alone);
    expect(draw([two], 1, 200, 8)).not.toEqual(alone);
  });

  it("gives a world again as long as it is not long past", () => {
    const opened = openWorlds([share("E", 8, 10)], 0.5, 7);
    const at = (world: number) => {
      const values = new Float64Array(1);
      opened.fill(world, values);
      return values[0];
    };
    const third = at(3);
    expect(at(70)).not.toBe(third);
    expect(at(3)).toBe(third);
    at(200);
    expect(() => at(3)).toThrow("long past");
  });
});
