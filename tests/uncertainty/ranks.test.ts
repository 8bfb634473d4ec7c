import { describe, expect, it } from "vitest";
import { noteRanks, openRankTable } from "../../src/uncertainty/rank-table.ts";
import { comparePairs, summariseRanks } from "../../src/uncertainty/summarise-ranks.ts";

const gap = Number.NaN;

/** Five bodies, units 10 to 14, in four replications. */
function makeTable() {
  const table = openRankTable(
    { units: Int32Array.of(10, 11, 12, 13, 14), stated: Int32Array.of(1, 2, 3, 4, 5) },
    4,
  );
  const replications = [
    [50, 40, 30, 20, 10], // ranks 1 2 3 4 5
    [40, 50, 30, 20, 10], // 2 1 3 4 5
    [50, 40, 40, 20, 10], // 1 2 2 4 5
    [50, gap, 30, 20, 40], // 1 - 3 4 2
  ];
  replications.forEach((scores, replication) => {
    const all = new Float64Array(15).fill(99);
    all.set(scores, 10);
    noteRanks(table, replication, all, 0);
  });
  return table;
}

describe("ranks over replications", () => {
  it("have a median, an interval and chances, of the replications that rank the body", () => {
    const [first, second, third, fourth, fifth] = summariseRanks(makeTable());
    // ranks 1 2 1 1: quantiles of 1 1 1 2 at 0.15, 1.5 and 2.85
    expect(first).toMatchObject({ unit: 10, median: 1, low: 1, topThree: 1, bottomThree: 0 });
    expect(first?.high).toBeCloseTo(1.85, 12);
    // where it shares second place, only two stand behind it
    expect(second).toMatchObject({ median: 2, topThree: 1, bottomThree: 1 / 3, replications: 3 });
    // 3 3 2 3: of five, the third is among the last three; where it ties for second, two stand behind it, so too
    expect(third).toMatchObject({ topThree: 1, bottomThree: 1, replications: 4 });
    // 4 4 4 4 of five, five, five and four
    expect(fourth).toMatchObject({ median: 4, topThree: 0, bottomThree: 1 });
    // 5 5 5 2; in the last replication two stand behind it
    expect(fifth).toMatchObject({ median: 5, topThree: 0.25, bottomThree: 1 });
    // Scores 50 40 50 50: mean 47.5, squares 6.25 × 3 + 56.25 = 75, by three 25. Of the second 40 50 40: 66.67 by two.
    expect(first?.scoreDeviation).toBe(5);
    expect(second?.scoreDeviation).toBeCloseTo(Math.sqrt(200 / 6), 12);
  });

  it("say how often one is above the other, a shared rank counting half", () => {
    const above = (place: number, other: number) =>
      comparePairs(makeTable()).find((pair) => pair.place === place && pair.other === other)?.above;
    expect(above(0, 1)).toBeCloseTo(2 / 3, 12);
    expect(above(1, 2)).toBeCloseTo(2.5 / 3, 12);
    expect(above(3, 4)).toBeCloseTo(3 / 4, 12);
    expect(comparePairs(makeTable())).toHaveLength(10);
  });
});
