import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { score } from "../../src/score/score.ts";
import {
  addEntity,
  addFacts,
  addItems,
  type City,
  type Fact,
  type ItemFact,
  markMeasured,
  openCity,
  type RankRow,
} from "./city.ts";
import { INDICATORS, STANDARD } from "./three-districts.ts";

const ENTITIES = ["a", "b", "c", "d", "e", "f"];
const LEAVES = ["A/closed", "A/delay", "B/kept", "B/repeat"];
const PERIODS = ["2018-11", "2018-12"];

// Many whole runs of the stage; slow machines need more than the usual limit.
vi.setConfig({ testTimeout: 120_000 });

let city: City;
beforeAll(async () => {
  city = await openCity(STANDARD, INDICATORS);
  await markMeasured(city);
  // a to d are one peer class, e and f another.
  for (const entity of ENTITIES)
    await addEntity(city.store, entity, { peer: entity < "e" ? "district" : "county" });
});
afterAll(() => city.store.close());

// Few distinct values, so that equal scores come up.
const cell = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .constantFrom(0, 5, 10, 60, 75, 100)
      .map((value) => ({ state: "assessed", value })),
  },
  {
    weight: 2,
    arbitrary: fc
      .double({ min: 0, max: 100, noNaN: true })
      .map((value) => ({ state: "assessed", value })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom("no_data", "too_few", "not_applicable")
      .map((state) => ({ state, value: null })),
  },
);
const facts = fc.array(cell, { minLength: 48, maxLength: 48 }).map((cells): Fact[] =>
  cells.map(({ state, value }, index) => ({
    entity: ENTITIES[index % 6]!,
    indicator: LEAVES[Math.floor(index / 6) % 4]!,
    period: PERIODS[Math.floor(index / 24)]!,
    state,
    value,
    ...(value === null ? {} : { numerator: Number(value.toFixed(6)), denominator: 100 }),
  })),
);
const item = fc.record({
  entity: fc.constantFrom(...ENTITIES),
  list: fc.constantFrom(
    ["records", "minor"],
    ["records", "serious"],
    ["honours", "national"],
    ["debtor", "listed"],
  ),
  period: fc.constantFrom(...PERIODS),
  month: fc.integer({ min: 1, max: 11 }),
});
const items = fc.array(item, { maxLength: 30 }).map((list): ItemFact[] =>
  list.map(({ entity, list: [indicator, category], period, month }, index) => ({
    entity,
    indicator: indicator!,
    category: category!,
    period,
    on: `2018-${String(month).padStart(2, "0")}-05`,
    key: `record-${index}`,
  })),
);

async function run(list: readonly Fact[], records: readonly ItemFact[]): Promise<void> {
  const { store, context } = city;
  for (const table of ["value", "item", "category"]) await store.run(`DELETE FROM facts.${table}`);
  await addFacts(store, list);
  await addItems(store, records);
  // Shares split over two categories, one of which holds a third of the successes.
  await store.run(
    `INSERT INTO facts.category SELECT fingerprint, entity_id, k, CASE k WHEN 'x' THEN numerator / 3 ELSE numerator - numerator / 3 END, 50, 5
     FROM facts.value, (VALUES ('x'), ('y')) AS t(k) WHERE state = 'assessed' AND fingerprint NOT LIKE 'A/delay%'`,
  );
  await score(context);
}

interface Sum {
  period: string;
  entity_id: string;
  score: number;
  points: number;
}

test("contributions sum to the index, details to their contribution, differences to the movement: exactly", async () => {
  await fc.assert(
    fc.asyncProperty(facts, items, async (list, records) => {
      await run(list, records);
      const { store } = city;
      const sums = await store.rows<Sum>(
        `SELECT r.period, r.entity_id, r.score, sum(c.points) AS points FROM scores.rank r
         JOIN scores.contribution c ON c.period = r.period AND c.entity_id = r.entity_id
         GROUP BY r.period, r.entity_id, r.score ORDER BY ALL`,
      );
      for (const row of sums) expect(row.points).toBe(row.score);
      const scored = await store.rows("SELECT * FROM scores.rank WHERE score IS NOT NULL");
      expect(sums.length).toBe(scored.length);
      const index = await store.rows<{ same: boolean }>(
        `SELECT r.score IS NOT DISTINCT FROM n.score AS same FROM scores.rank r
         JOIN scores.node n ON n.period = r.period AND n.entity_id = r.entity_id AND n.node_level = 'index'`,
      );
      expect(index.every(({ same }) => same)).toBe(true);
      const details = await store.rows<{ points: number; details: number }>(
        `SELECT c.points, coalesce(sum(d.points), 0) AS details FROM scores.contribution c
         LEFT JOIN scores.contribution_detail d ON d.period = c.period AND d.entity_id = c.entity_id AND d.kind = c.kind AND d.node_id = c.node_id
         GROUP BY c.period, c.entity_id, c.kind, c.node_id, c.points`,
      );
      for (const row of details) expect(row.details).toBe(row.points);
      const moved = await store.rows<{ movement: number; points: number }>(
        `SELECT r.score - r.score_previous AS movement,
           (SELECT sum(CASE c.period WHEN '2018-12' THEN c.points ELSE -c.points END) FROM scores.contribution c WHERE c.entity_id = r.entity_id) AS points
         FROM scores.rank r WHERE r.period = '2018-12' AND r.score IS NOT NULL AND r.score_previous IS NOT NULL`,
      );
      for (const row of moved) expect(row.points).toBe(row.movement);
    }),
    { numRuns: 25 },
  );
});

test("the order of the rows changes nothing", async () => {
  await fc.assert(
    fc.asyncProperty(
      facts,
      items,
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      async (list, records, dice) => {
        const dump = async () =>
          JSON.stringify([
            await city.store.rows("SELECT * FROM scores.rank"),
            await city.store.rows("SELECT * FROM scores.contribution"),
            await city.store.rows("SELECT * FROM scores.contribution_detail"),
            await city.store.rows("SELECT * FROM scores.node"),
          ]);
        await run(list, records);
        const first = await dump();
        const shuffle = <T>(rows: readonly T[]) =>
          rows
            .map((row) => ({ row, key: dice.next().value! }))
            .sort((a, b) => a.key - b.key)
            .map(({ row }) => row);
        await run(shuffle(list), shuffle(records));
        expect(await dump()).toBe(first);
      },
    ),
    { numRuns: 10 },
  );
});

test("ranks are shared and within the peer class, missing is never a number, grades are half-open", async () => {
  await fc.assert(
    fc.asyncProperty(facts, items, async (list, records) => {
      await run(list, records);
      const ranks = await city.store.rows<RankRow & { peer_class: string }>(
        "SELECT * FROM scores.rank",
      );
      for (const row of ranks) {
        const ranked = row.score !== null && row.coverage >= 0.6 - 1e-9;
        expect(row.state).toBe(ranked ? "ranked" : "not_ranked");
        if (!ranked) {
          expect([row.rank, row.grade]).toEqual([null, null]);
          // Sentences are written for the period asked for; earlier ones stand in their own publications.
          if (row.period === "2018-12") expect(row.reason_zh).toMatch(/^不参加排名：/);
          else expect(row.reason_zh).toBeNull();
          continue;
        }
        const peers = ranks.filter(
          (peer) =>
            peer.period === row.period &&
            peer.peer_class === row.peer_class &&
            peer.state === "ranked",
        );
        expect(row.ranked_of).toBe(peers.length);
        expect(row.rank).toBe(1 + peers.filter((peer) => peer.score! > row.score!).length);
        expect(row.score).toBeGreaterThanOrEqual(0);
        expect(row.score).toBeLessThanOrEqual(100);
        const own = row.score!;
        expect(row.grade_before_veto).toBe(
          own >= 90 ? "A" : own >= 80 ? "B" : own >= 60 ? "C" : "D",
        );
        if (row.vetoed_by) expect([row.grade, row.grade_before_veto! < "C"]).toEqual(["C", true]);
        else expect(row.grade).toBe(row.grade_before_veto);
      }
      const missing = await city.store.rows(
        "SELECT * FROM scores.node WHERE (state <> 'assessed') <> (score IS NULL) AND node_level <> 'index'",
      );
      expect(missing).toEqual([]);
      const paid = await city.store.rows(
        `SELECT * FROM scores.contribution c JOIN scores.node n ON n.period = c.period AND n.entity_id = c.entity_id AND n.node_id = c.node_id
         WHERE c.kind = 'indicator' AND n.state <> 'assessed'`,
      );
      expect(paid).toEqual([]);
    }),
    { numRuns: 15 },
  );
});

test("a better value never lowers a body's own index", async () => {
  const better: Record<string, number> = {
    "A/closed": 1,
    "A/delay": -1,
    "B/kept": 1,
    "B/repeat": -1,
  };
  await fc.assert(
    fc.asyncProperty(
      facts,
      fc.constantFrom(...LEAVES),
      fc.constantFrom(...ENTITIES),
      fc.double({ min: 0, max: 60, noNaN: true }),
      async (list, indicator, entity, gain) => {
        const scoreOf = async () =>
          (await city.store.row<RankRow>(
            "SELECT * FROM scores.rank WHERE period = '2018-12' AND entity_id = $entity",
            { entity },
          ))!.score;
        await run(list, []);
        const before = await scoreOf();
        await run(
          list.map((fact) =>
            fact.indicator === indicator &&
            fact.entity === entity &&
            fact.period === "2018-12" &&
            typeof fact.value === "number"
              ? { ...fact, value: fact.value + gain * better[indicator]! }
              : fact,
          ),
          [],
        );
        const after = await scoreOf();
        if (before === null) expect(after).toBeNull();
        else expect(after).toBeGreaterThanOrEqual(before - 1e-9);
      },
    ),
    { numRuns: 15 },
  );
});
