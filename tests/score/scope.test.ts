import { afterEach, beforeEach, expect, test } from "vitest";
import { score } from "../../src/score/score.ts";
import {
  addEntity,
  addFacts,
  addItem,
  type City,
  markMeasured,
  openCity,
  readPoints,
  readRanks,
} from "./city.ts";
import { INDICATORS, STANDARD } from "./three-districts.ts";

let city: City;
beforeEach(async () => {
  city = await openCity(STANDARD, INDICATORS, { history: 0 });
});
afterEach(() => city.store.close());

/** A body whose index is 100, but for what its delay costs among its peers. */
async function addBody(
  entity: string,
  delay: number,
  options: Parameters<typeof addEntity>[2] = {},
) {
  await addEntity(city.store, entity, options);
  await addFacts(city.store, [
    { indicator: "A/closed", entity, value: 100 },
    { indicator: "A/delay", entity, value: delay },
    { indicator: "B/kept", entity, value: 100 },
    { indicator: "B/repeat", entity, value: 0 },
  ]);
}

const scores = async () =>
  Object.fromEntries((await readRanks(city.store)).map((row) => [row.entity_id, row.score]));

test("a record counts for the months of its window, the period's own included", async () => {
  await markMeasured(city);
  await addBody("old", 5);
  await addBody("new", 5);
  // 24 months up to December 2018 begin on 1 January 2017; 23 months later 5 · ½^(23/12) are left.
  await addItem(city.store, {
    indicator: "records",
    entity: "old",
    category: "serious",
    on: "2016-12-31",
  });
  await addItem(city.store, {
    indicator: "records",
    entity: "new",
    category: "serious",
    on: "2017-01-01",
  });
  await score(city.context);
  expect(await scores()).toEqual({ old: 100, new: expect.closeTo(100 - 5 * 0.5 ** (23 / 12), 10) });
});

test("values are compared within the peer class, and ranks given within it", async () => {
  await markMeasured(city);
  await addBody("a", 4);
  await addBody("b", 8);
  await addBody("c", 100, { peer: "county" });
  await addBody("d", 200, { peer: "county" });
  await score(city.context);
  expect(await scores()).toEqual({ a: 100, b: 80, c: 100, d: 80 });
  expect((await readRanks(city.store)).map(({ rank, ranked_of }) => [rank, ranked_of])).toEqual([
    [1, 2],
    [2, 2],
    [1, 2],
    [2, 2],
  ]);
});

test("a value that is not assessed is not scored, even where one is given", async () => {
  await markMeasured(city);
  await addEntity(city.store, "a");
  await addFacts(city.store, [
    { indicator: "A/closed", entity: "a", value: 60 },
    { indicator: "A/delay", entity: "a", state: "too_few", value: 5 },
    { indicator: "B/kept", entity: "a", value: 50 },
    { indicator: "B/repeat", entity: "a", state: "no_data" },
  ]);
  await score(city.context);
  // A: 40 of 60 points assessed, 20; B: 20 of 40 assessed, 50. Index 0.6 · 20 + 0.4 · 50; coverage 60 of 100.
  const [row] = await readRanks(city.store);
  expect([row?.score, row?.coverage, row?.state]).toEqual([32, 0.6, "ranked"]);
  expect((await readPoints(city.store)).map(({ node_id, points }) => [node_id, points])).toEqual([
    ["A/closed", expect.closeTo(12, 10)],
    ["B/kept", expect.closeTo(20, 10)],
  ]);
});

test("a body that is not ranked is told why", async () => {
  await markMeasured(city);
  await addEntity(city.store, "a");
  await addFacts(city.store, [{ indicator: "A/closed", entity: "a", value: 60 }]);
  const outcome = await score(city.context);
  const [row] = await readRanks(city.store);
  expect([row?.state, row?.rank, row?.grade, row?.score]).toEqual(["not_ranked", null, null, 20]);
  expect(row?.reason_zh).toBe(
    "不参加排名：可评指标占应评权重的40.0%，低于60.0%的要求，不可评的有“指标A/delay”“指标B/kept”“指标B/repeat”3项指标；得20.00分（上月无得分可比）；失分最多的是“指标A/closed”（−80.00分）。",
  );
  expect(outcome.counts.not_ranked).toBe(1);
  expect(outcome.notes[0]?.zh).toBe("2018-12有1个单位因可评指标不足不参加排名：a。");
});

test("only bodies that are scored and in force on the period's last day are there", async () => {
  await markMeasured(city);
  await addBody("a", 4);
  await addBody("later", 4, { from: "2019-01-01" });
  await addBody("lastDay", 4, { from: "2018-12-31" });
  await addBody("zone", 4, { scored: false });
  await addBody("city", 4, { level: "city" });
  await score(city.context);
  expect(Object.keys(await scores())).toEqual(["a", "lastDay"]);
});

test("a record the schedule does not foresee stops the stage in a sentence", async () => {
  await markMeasured(city);
  await addBody("a", 4);
  await addItem(city.store, {
    indicator: "honours",
    entity: "a",
    category: "county",
    on: "2018-12-01",
    key: "H-9",
  });
  await expect(score(city.context)).rejects.toThrow(
    'The record H-9 of honours has the category "county", which "honour" in the standard test gives no points.',
  );
});

test("an indicator that was not measured stops the stage in a sentence", async () => {
  await addBody("a", 4);
  await expect(score(city.context)).rejects.toThrow(
    "The indicator A/closed has not been measured for 2018-12 in this run. Run the stage measure first, then score.",
  );
});
