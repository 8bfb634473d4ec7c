import { afterEach, expect, test } from "vitest";
import { score } from "../../src/score/score.ts";
import {
  addEntity,
  addFacts,
  type City,
  makeIndicator,
  mapIndicators,
  markMeasured,
  openCity,
  readPoints,
  readRanks,
} from "./city.ts";

const INDICATORS = mapIndicators(makeIndicator("arrears"), makeIndicator("delays"));

/** An index of 100 less the mean of two bad shares; a score of exactly 44.95 reaches the grade B. */
const STANDARD = `
standard: test
version: "1"
title: { zh: 测试标准, en: Test standard }
effective: { from: 2018-01-01 }
window_months: { value: 12, assumption: true }
levels:
  district: { zh: 区市, en: Districts, minimum_coverage: 0.6, assumption: true }
peer_classes:
  - { id: district, level: district, zh: 区市, en: districts }
missing: { rule: reweight, minimum_coverage: 0.3, not_applicable: excluded, assumption: true }
nodes:
  - { id: index, title: { zh: 指数, en: Index }, weight: { district: 100 }, assumption: true }
  - { id: stress, parent: index, title: { zh: 压力, en: Stress }, weight: { district: 100 }, direction: lower, assumption: true }
indicators:
  - { indicator: arrears, parent: stress, weight: { district: 50 }, normalise: whole, assumption: true }
  - { indicator: delays, parent: stress, weight: { district: 50 }, normalise: whole, assumption: true }
normalisations:
  whole: { method: goalposts, low: 0, high: 100, assumption: true }
bounds: { minimum: 0, maximum: 100, assumption: true }
grades:
  - { id: A, zh: 优秀, en: Excellent, colour: "#1a7f4b", from: 64.95, assumption: true }
  - { id: B, zh: 良好, en: Good, colour: "#7fb341", from: 44.95, below: 64.95, assumption: true }
  - { id: C, zh: 合格, en: Fair, colour: "#f2b134", below: 44.95, assumption: true }
`;

let city: City;
afterEach(() => city.store.close());

async function measure(history: number, months: Readonly<Record<string, [number, number]>>) {
  city = await openCity(STANDARD, INDICATORS, { history });
  await markMeasured(city);
  await addEntity(city.store, "east");
  for (const [period, [arrears, delays]] of Object.entries(months)) {
    await addFacts(city.store, [
      { indicator: "arrears", entity: "east", period, value: arrears },
      { indicator: "delays", entity: "east", period, value: delays },
    ]);
  }
  await score(city.context);
  const [row] = await readRanks(city.store);
  return { row: row!, points: await readPoints(city.store) };
}

// 100 - (60 + 40) / 2 = 50; of the 50 lost, 60 brought 30 and 40 brought 20.
test("below a node whose high scores are bad, what is high costs most, in points and in words", async () => {
  const { row, points } = await measure(0, { "2018-12": [60, 40] });
  expect([row.score, row.grade]).toEqual([50, "B"]);
  expect(points.map(({ node_id, points: own }) => [node_id, own])).toEqual([
    ["arrears", 20],
    ["delays", 30],
  ]);
  expect(row.reason_en).toContain(
    "most points lost on “Indicator arrears” (−30.00 points) and “Indicator delays” (−20.00 points)",
  );
  expect(row.reason_zh).toContain(
    "失分最多的是“指标arrears”（−30.00分）和“指标delays”（−20.00分）",
  );
});

// November: 100 - (20 + 40) / 2 = 70.
test("what rose there is told as what pulled the index down", async () => {
  const { row } = await measure(1, { "2018-11": [20, 40], "2018-12": [60, 40] });
  expect(row.score).toBe(50);
  expect(row.reason_en).toContain("“Indicator arrears” rose from 20.0% to 60.0% (−20.00 points)");
  expect(row.reason_zh).toContain("“指标arrears”由20.0%升至60.0%（−20.00分）");
});

// 100 - 55.05 = 44.95, which the grid of the index rounds down.
test("a score that is the limit of a grade reaches it, however the grid rounds it", async () => {
  const { row } = await measure(0, { "2018-12": [55.05, 55.05] });
  expect(row.score).toBeLessThan(44.95);
  expect(row.score).toBeCloseTo(44.95, 11);
  expect(row.grade).toBe("B");
});
