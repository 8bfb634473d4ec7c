import { afterAll, beforeAll, expect, test } from "vitest";
import { score } from "../../src/score/score.ts";
import { type City, type PointRow, readPoints, readRanks } from "./city.ts";
import { openThreeDistricts } from "./three-districts.ts";

let city: City;
beforeAll(async () => {
  city = await openThreeDistricts();
  await score(city.context);
});
afterAll(() => city.store.close());

const pointsOf = (rows: PointRow[], entity: string) =>
  Object.fromEntries(
    rows
      .filter((row) => row.entity_id === entity)
      .map((row) => [`${row.kind} ${row.node_id}`, row.points]),
  );

// Scores of the indicators, by hand:
//   A/closed  share of 50..100:       east (90-50)/50 = 80   west (75-50)/50 = 50    south 100
//   A/delay   peers 5..15, lower:     east 100               west 0                  south 50
//   B/kept    share of 0..100:        east 64                west 25                 south 60
//   B/repeat  10 is the second band:  east 100               west 100                south 60
// A = (40·closed + 20·delay) / 60; B = √(kept · repeat):
//   east 5200/60 and 80; west 2000/60 and 50; south 5000/60 and 60
// Tree = 0.6·A + 0.4·B: east 52 + 32 = 84; west 20 + 20 = 40; south 50 + 24 = 74
// east: a general record, 12 months old, half-life 12: 2 · ½ = 1             -> 83
// west: its record ended on the period's last day, so it no longer counts    -> 40
// south: 5 + 5 = 10, at most 6; 3 + 3 = 6, at most 4                         -> 74 - 6 + 4 = 72
test("index, rank and grade are those worked out by hand", async () => {
  const ranks = await readRanks(city.store);
  expect(
    ranks.map((row) => [
      row.entity_id,
      row.score,
      row.rank,
      row.ranked_of,
      row.grade_before_veto,
      row.grade,
      row.vetoed_by,
      row.coverage,
    ]),
  ).toEqual([
    ["east", 83, 1, 3, "B", "C", "judgment", 1],
    ["south", 72, 2, 3, "C", "C", null, 1],
    ["west", 40, 3, 3, "D", "D", null, 1],
  ]);
});

// A geometric node against 100: what B/kept costs is ½ · L(80, 100) · ln(100/64) = ½ · 20/ln(1.25) · 2·ln(1.25) = 20,
// all of the 20 that B lacks; of the index 0.4 · (50 - 20) = 12. B/repeat is perfect: 0.4 · 50 = 20.
test("contributions are those worked out by hand", async () => {
  const rows = await readPoints(city.store);
  const near = (points: Record<string, number>) =>
    Object.fromEntries(
      Object.entries(points).map(([key, value]) => [key, expect.closeTo(value, 10)]),
    );
  expect(pointsOf(rows, "east")).toEqual(
    near({
      "indicator A/closed": 0.4 * 80,
      "indicator A/delay": 0.2 * 100,
      "indicator B/kept": 12,
      "indicator B/repeat": 20,
      "deduction dishonesty": -1,
    }),
  );
  expect(pointsOf(rows, "south")).toEqual(
    near({
      "indicator A/closed": 40,
      "indicator A/delay": 10,
      "indicator B/kept": 12,
      "indicator B/repeat": 12,
      "deduction dishonesty": -10,
      "limit dishonesty": 4,
      "bonus honour": 6,
      "limit honour": -2,
    }),
  );
  expect(pointsOf(rows, "west")).toEqual(
    near({
      "indicator A/closed": 20,
      "indicator A/delay": 0,
      "indicator B/kept": 0,
      "indicator B/repeat": 20,
    }),
  );
});

// In November east closed 80 of 100: score 60, A = (2400 + 2000)/60, tree = 44 + 32 = 76;
// its record was 11 months old: 2 · ½^(11/12).
test("movement is the difference to the month before, and its parts sum to it", async () => {
  const east = (await readRanks(city.store))[0]!;
  expect(east.score_previous).toBeCloseTo(76 - 2 * 0.5 ** (11 / 12), 10);
  expect(east.rank_previous).toBe(1);
  const now = pointsOf(await readPoints(city.store), "east");
  const before = pointsOf(await readPoints(city.store, "2018-11"), "east");
  const moved = Object.keys(now).reduce((sum, key) => sum + (now[key]! - before[key]!), 0);
  expect(moved).toBe(east.score! - east.score_previous!);
});

// Of the 8 points A/closed cost east in December (0.4 · (100 - 80)), 10 of 10 late ones are noise: -8; roads lost nothing.
// The rest is the full weight of 40.
test("categories and records explain a contribution, with their place in the source", async () => {
  const details = await city.store.rows(
    `SELECT entity_id, kind, detail_kind, detail, CAST(occurred_on AS VARCHAR) AS occurred_on, file_id, line, points
     FROM scores.contribution_detail
     WHERE period = '2018-12' AND (entity_id = 'east' AND node_id = 'A/closed' OR entity_id = 'south' AND node_id = 'dishonesty')
     ORDER BY entity_id, kind, detail_kind, detail`,
  );
  const none = { occurred_on: null, file_id: null, line: null };
  expect(details).toEqual([
    {
      entity_id: "east",
      kind: "indicator",
      detail_kind: "category",
      detail: "噪声",
      ...none,
      points: expect.closeTo(-8, 10),
    },
    {
      entity_id: "east",
      kind: "indicator",
      detail_kind: "rest",
      detail: "",
      ...none,
      points: expect.closeTo(40, 10),
    },
    {
      entity_id: "south",
      kind: "deduction",
      detail_kind: "record",
      detail: "S-1",
      occurred_on: "2018-12-03",
      file_id: 7,
      line: 42,
      points: -5,
    },
    {
      entity_id: "south",
      kind: "deduction",
      detail_kind: "record",
      detail: "S-2",
      occurred_on: "2018-12-04",
      file_id: 7,
      line: 42,
      points: -5,
    },
    { entity_id: "south", kind: "limit", detail_kind: "rest", detail: "", ...none, points: 4 },
  ]);
});

test("the sentences say score, movement, place and what moved it, both ways", async () => {
  const [east, south, west] = await readRanks(city.store);
  expect(east!.reason_zh).toBe(
    "得83.00分，较上月提高8.06分，在3个区市中居第1位，位次与上月相同；得分提高主要是：“指标A/closed”由80.0%升至90.0%（+8.00分，其中“噪声”类+8.00分），“失信扣分”随时间递减（+0.06分）；因“失信被执行人”等次限制，等次由B降为C。",
  );
  // A minor record of the month itself, half a point, is gone in December.
  expect(west!.reason_zh).toBe(
    "得40.00分，较上月提高0.50分，在3个区市中居第3位，位次与上月相同；得分提高主要是：“失信扣分”有1条记录（west-2018-11-02）不再计分（+0.50分）。",
  );
  expect(south!.reason_en).toBe(
    "Score 72.00, down 2.00 points on the previous month, 2nd of 3 among “districts” (same place as the previous month); mainly because “Dishonesty records” has 2 new records (S-1) (−6.00 points, at its maximum); softened because “Honours” has 2 new records (H-1) (+4.00 points, at its maximum).",
  );
});

test("running again changes nothing", async () => {
  const dump = async () =>
    JSON.stringify(
      await Promise.all(
        ["node", "contribution", "contribution_detail", "rank"].map((table) =>
          city.store.rows(`SELECT * FROM scores.${table}`),
        ),
      ),
    );
  const first = await dump();
  await score(city.context);
  expect(await dump()).toBe(first);
});

test("a category of fewer than three cases is not named in the sentence", async () => {
  const small = await openThreeDistricts();
  try {
    await small.store.run(
      "UPDATE facts.category SET sample_size = 2 WHERE category = '噪声' AND fingerprint LIKE '%2018-11'",
    );
    await score(small.context);
    const [east] = await small.store.rows<{ reason_zh: string; reason_en: string }>(
      "SELECT reason_zh, reason_en FROM scores.rank WHERE entity_id = 'east' AND period = '2018-12'",
    );
    expect(east?.reason_zh).toContain("“指标A/closed”由80.0%升至90.0%（+8.00分）");
    expect(`${east?.reason_zh}${east?.reason_en}`).not.toContain("噪声");
  } finally {
    small.store.close();
  }
});
