import { afterAll, describe, expect, test } from "vitest";
import { score } from "../../src/score/score.ts";
import { addEntity, addFact, type City, markMeasured, openCity, type RankRow } from "./city.ts";
import { INDICATORS, STANDARD } from "./three-districts.ts";

const cities: City[] = [];
afterAll(() => {
  for (const { store } of cities) store.close();
});

/** Runs the stage on four districts under a changed standard; the last lacks an indicator. */
async function run(changes: readonly (readonly [from: string, to: string])[]): Promise<City> {
  let yaml = STANDARD;
  for (const [from, to] of changes) {
    expect(yaml).toContain(from);
    yaml = yaml.replace(from, to);
  }
  const city = await openCity(yaml, INDICATORS);
  cities.push(city);
  await markMeasured(city);
  const values: Record<string, readonly (number | undefined)[]> = {
    east: [90, 5, 64, 5],
    west: [75, 15, 25, 9.99],
    south: [100, 10, 60, 10],
    north: [80, 5, undefined, 60],
  };
  const ids = ["A/closed", "A/delay", "B/kept", "B/repeat"];
  for (const [entity, own] of Object.entries(values)) {
    await addEntity(city.store, entity);
    for (const [place, value] of own.entries()) {
      if (value === undefined) continue;
      await addFact(city.store, { indicator: ids[place]!, entity, period: "2018-12", value });
    }
  }
  await score(city.context);
  return city;
}

const METHOD = "aggregation: { method: geometric, floor: 1 }";
const INDEX = "title: { zh: 指数, en: Index }, weight: { district: 100 },";

describe.each([
  ["harmonic", "{ method: harmonic, floor: 1 }"],
  ["power", "{ method: power, exponent: -2, floor: 1 }"],
  ["median", "{ method: median }"],
  ["ordered", "{ method: ordered, exponent: 2 }"],
  ["mazziotta_pareto", "{ method: mazziotta_pareto, penalty: negative }"],
  ["outranking", "{ method: outranking, count: duels }"],
  [
    "benefit_of_the_doubt",
    "{ method: benefit_of_the_doubt, minimum_share: 0.1, maximum_share: 0.9 }",
  ],
])("%s at a node and at the index", (_method, rule) => {
  test("is ranked, and its contributions sum to the index exactly", async () => {
    const { store } = await run([
      [METHOD, `aggregation: ${rule}`],
      [INDEX, `${INDEX} aggregation: ${rule},`],
    ]);
    const ranks = await store.rows<RankRow>(
      "SELECT * FROM scores.rank WHERE period = '2018-12' AND score IS NOT NULL",
    );
    expect(ranks.length).toBeGreaterThanOrEqual(3);
    const sums = await store.rows<{ score: number; points: number }>(
      `SELECT r.entity_id, r.score, sum(c.points) AS points FROM scores.rank r
       JOIN scores.contribution c ON c.period = r.period AND c.entity_id = r.entity_id
       WHERE r.period = '2018-12' GROUP BY r.entity_id, r.score`,
    );
    expect(sums).toHaveLength(ranks.length);
    for (const row of sums) expect(row.points).toBe(row.score);
  });
});

test("scores closer than the stated tolerance share a rank", async () => {
  const { store } = await run([
    ["missing: {", "ties: { tolerance: 30, assumption: true }\nmissing: {"],
  ]);
  const rows = await store.rows<RankRow>(
    "SELECT * FROM scores.rank WHERE period = '2018-12' AND rank IS NOT NULL ORDER BY score DESC",
  );
  const first = rows[0]!.score!;
  for (const { score: own, rank } of rows) {
    if (first - own! <= 30) expect(rank).toBe(1);
    else expect(rank).toBeGreaterThan(1);
  }
  expect(rows.filter(({ rank }) => rank === 1).length).toBeGreaterThan(1);
});

test("an imputed value is scored, says so, and does not count as observed", async () => {
  const { store } = await run([
    [
      "missing: { rule: reweight, minimum_coverage: 0.3, not_applicable: excluded, assumption: true }",
      `missing: { rule: reweight, minimum_coverage: 0.3, not_applicable: missing, assumption: true }
defaults: { impute: middle }
imputations: { middle: { method: median, assumption: true } }`,
    ],
  ]);
  const node = await store.row<{ state: string; score: number; coverage: number }>(
    "SELECT * FROM scores.node WHERE period = '2018-12' AND entity_id = 'north' AND node_id = 'B/kept'",
  );
  // The median of 64, 25 and 60, on a scale from 0 to 100.
  expect(node).toMatchObject({ state: "imputed", score: 60, coverage: 0 });
  const rank = await store.row<RankRow>(
    "SELECT * FROM scores.rank WHERE period = '2018-12' AND entity_id = 'north'",
  );
  expect(rank?.coverage).toBeCloseTo(0.8, 12);
});
