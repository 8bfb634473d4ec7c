import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { Context } from "../../src/context.ts";
import { parsePeriod, shiftPeriod } from "../../src/period.ts";
import type { Store } from "../../src/store/store.ts";
import { warn } from "../../src/warn/warn.ts";
import { BODIES, insertRows, makeContext, openWorld, setAsOf } from "../measure/small-world.ts";
import { refuseKeysWrittenAnew } from "../store/kept-keys.ts";

refuseKeysWrittenAnew();

let store: Store;
afterEach(() => store?.close());

const lastDay = (month: string) => parsePeriod(month).end;

/** A month's report of D1's debt, known on the 8th of the next month, beside resources of 1000 a year. */
function debt(month: string, total: number, more: Record<string, unknown> = {}) {
  const next = shiftPeriod(parsePeriod(month), 1).id;
  return {
    record_key: `D1 ${month}`,
    entity_id: "D1",
    as_at: lastDay(month),
    frequency: "month",
    total_debt: total,
    known_from: `${next}-08 00:00:00`,
    ...more,
  };
}

const RESOURCES = {
  record_key: "D1 2017",
  entity_id: "D1",
  as_at: "2017-12-31",
  frequency: "year",
  comprehensive_resources: 1000,
};

/** The stage for a month, as known on the 10th of the next. */
async function warnOf(
  month: string,
  warnings: readonly string[] = ["debt"],
  asOf?: string,
  pipeline = "one",
) {
  const period = parsePeriod(month);
  const known = asOf ?? `${shiftPeriod(period, 1).id}-10 00:00:00`;
  await setAsOf(store, known);
  const periods = Array.from({ length: 13 }, (_, at) => shiftPeriod(period, at - 12).id);
  const context: Context = {
    ...makeContext(store, [], periods, { asOf: known, runId: `run ${month} ${known}` }),
    workspace: join(import.meta.dirname, "..", ".."),
    pipeline: { pipeline, warnings } as unknown as Context["pipeline"],
    standard: { nodes: [{ id: "index" }], window_months: 12 } as unknown as Context["standard"],
  };
  return warn(context);
}

const eventsOf = (rule: string) =>
  store.rows<{ kind: string; level: string | null; day: string }>(
    `SELECT e.kind, e.level, CAST(CAST(e.occurred_at AS DATE) AS VARCHAR) AS day
     FROM warn.alert_event e JOIN warn.alert_raised a USING (alert_id) WHERE a.rule_id = $rule ORDER BY e.occurred_at, e.sequence`,
    { rule },
  );

/** 119, 121, 119, 121, 201, then three months at 110 % of resources. */
const COURSE = [
  ["2018-01", 1190],
  ["2018-02", 1210],
  ["2018-03", 1190],
  ["2018-04", 1210],
  ["2018-05", 2010],
  ["2018-06", 1100],
  ["2018-07", 1100],
  ["2018-08", 1100],
] as const;

describe("a debt ratio that crosses 120 %, dances, reaches 200 % and comes back", () => {
  const open = async () => {
    store = await openWorld({
      debt_position: [RESOURCES, ...COURSE.map(([month, total]) => debt(month, total))],
    });
  };

  test("makes one alert, with an event for each change of level only", async () => {
    await open();
    for (const [month] of COURSE) await warnOf(month);
    expect(await eventsOf("debt-ratio")).toEqual([
      { kind: "raised", level: "yellow", day: "2018-03-10" },
      { kind: "worsened", level: "orange", day: "2018-06-10" },
      { kind: "recovered", level: null, day: "2018-09-10" },
      { kind: "closed", level: null, day: "2018-09-10" },
    ]);
  });

  test("a month run again adds nothing and computes nothing", async () => {
    await open();
    const first = await warnOf("2018-05");
    const count = () =>
      store.rows(`SELECT 'value' AS t, count(*) AS n FROM warn.value UNION ALL SELECT 'event', count(*) FROM warn.alert_event
        UNION ALL SELECT 'level', count(*) FROM warn.level UNION ALL SELECT 'episode', count(*) FROM warn.episode`);
    const held = await count();
    const again = await warnOf("2018-05");
    expect(first.counts.computed).toBe(1);
    expect(again.counts).toMatchObject({ computed: 0, reused: 1, alerts: 0 });
    expect(await count()).toEqual(held);
  });

  test("a run that knows less than the last leaves the alerts alone, and says so", async () => {
    await open();
    await warnOf("2018-08");
    const outcome = await warnOf("2018-05");
    expect(await eventsOf("debt-ratio")).toEqual([]);
    expect(outcome.notes[0]?.en).toContain("knows less");
    // Its levels are there all the same.
    const level = await store.row(
      "SELECT level FROM warn.level WHERE period = '2018-05' AND run_id LIKE 'run 2018-05%'",
    );
    expect(level).toEqual({ level: "orange" });
  });

  test("levels, list and sentence of the month at 201 %", async () => {
    await open();
    await warnOf("2018-05");
    const row = await store.row(
      "SELECT level, list, emergency, reason_zh, reason_en FROM warn.level WHERE period = '2018-05'",
    );
    expect(row).toEqual({
      level: "orange",
      list: "warning",
      emergency: null,
      reason_zh: "综合风险等级为橙色。债务率为201%，超过橙色预警线（200%）。",
      reason_en:
        "The composite risk is orange. Debt to comprehensive resources: 201%, above the orange warning line (200%).",
    });
  });
});

test("a later correction counts from when it was known, and changes only that body's computation", async () => {
  store = await openWorld({
    debt_position: [
      RESOURCES,
      { ...RESOURCES, record_key: "D2 2017", entity_id: "D2" },
      debt("2018-05", 900),
      { ...debt("2018-05", 900), record_key: "D2 2018-05", entity_id: "D2" },
    ],
  });
  await warnOf("2018-05");
  expect(await eventsOf("debt-ratio")).toEqual([]);
  await store.run(
    "UPDATE core.debt_position SET known_to = TIMESTAMP '2018-06-20' WHERE record_key = 'D1 2018-05'",
  );
  await insertRows(store, {
    debt_position: [{ ...debt("2018-05", 1250), known_from: "2018-06-20 00:00:00" }],
  });
  const before = await warnOf("2018-05", ["debt"], "2018-06-15 00:00:00");
  expect(before.counts).toMatchObject({ computed: 0, reused: 2 });
  const after = await warnOf("2018-05", ["debt"], "2018-06-21 00:00:00");
  expect(after.counts).toMatchObject({ computed: 1, reused: 1 });
  expect(await eventsOf("debt-ratio")).toEqual([
    { kind: "raised", level: "yellow", day: "2018-06-21" },
  ]);
});

test("debt above its limit is red at once; paying less than was due is of grade IV, a tenth unpaid of grade I", async () => {
  const months = Array.from(
    { length: 12 },
    (_, at) => shiftPeriod(parsePeriod("2018-12"), at - 11).id,
  );
  const flows = { principal_due: 90, principal_paid: 80, interest_due: 10, interest_paid: 10 };
  store = await openWorld({
    debt_position: [
      RESOURCES,
      ...months.map((month) =>
        debt(month, 900, { ...flows, debt_limit: month === "2018-12" ? 899 : 1000 }),
      ),
    ],
  });
  await warnOf("2018-12");
  const standing = await store.rows(
    "SELECT rule_id, level, began, value FROM warn.episode WHERE ended IS NULL AND kind = 'rule' ORDER BY rule_id",
  );
  expect(standing).toEqual([
    // 12 × 10 of 12 × 100.
    { rule_id: "default", level: "red", began: "2018-12", value: 10 },
    { rule_id: "over-limit", level: "red", began: "2018-12", value: (900 / 899) * 100 },
  ]);
  // Debt service: 1200 ÷ 1000 is beyond 30 %, but for one month only, and the rule wants two.
  const level = await store.row(
    "SELECT level, list, emergency FROM warn.level WHERE period = '2018-12'",
  );
  expect(level).toEqual({ level: "red", list: "hint", emergency: "IV" });
});

test("a surge of complaints is told by body, by its parent, and by category", async () => {
  const complaints = Array.from({ length: 13 }, (_, at) => {
    const month = shiftPeriod(parsePeriod("2018-06"), at - 12).id;
    const number = month === "2018-06" ? 100 : 36;
    return Array.from({ length: number }, (_, order) => ({
      record_key: `${month} ${order}`,
      entity_id: "S1",
      category: "heating",
      received_at: `${month}-05 08:00:00`,
    }));
  }).flat();
  // One was dated two years too early; the months without any up to June 2017 are no baseline.
  const early = { record_key: "early", entity_id: "S1", received_at: "2016-03-05 08:00:00" };
  complaints.push({ ...early, category: "heating" });
  store = await openWorld({ complaint: complaints }, { bodies: BODIES });
  // Another district's categories are a free text: more of them than a call has room for.
  await store.run(`INSERT INTO core.complaint BY NAME
    SELECT c.* REPLACE ('odd ' || i AS record_key, 'odd ' || i AS category, 'S2' AS entity_id)
    FROM (SELECT * FROM core.complaint WHERE record_key = '2018-05 0') c, range(150000) r(i)`);
  await warnOf("2018-06", ["conduct"]);
  const standing = await store.rows(
    `SELECT c.entity_id, e.rule_id, e.part, e.level, round(e.value, 6) AS value FROM warn.episode e JOIN warn.run_computation c USING (fingerprint)
     WHERE e.ended IS NULL ORDER BY c.entity_id, e.part`,
  );
  // (100 − 36) ÷ √36; subdistricts are not watched by these rules, the district above counts what they receive.
  const surge = { entity_id: "D1", rule_id: "complaint-surge", level: "orange", value: 10.666667 };
  expect(standing).toEqual([
    { ...surge, part: "" },
    { ...surge, part: "heating" },
  ]);
});

test("a score drops when it falls by more than the chance in its own counts, as the replications tell", async () => {
  store = await openWorld({}, { bodies: BODIES });
  const run = "run 2018-06 2018-07-10 00:00:00";
  for (const [entity, level, deviation] of [
    ["D1", "district", 4.898979485566356],
    ["D2", "district", 24.49489742783178],
  ] as const) {
    for (const [period, score] of [
      ["2018-05", 90],
      ["2018-06", 80],
    ] as const) {
      await store.run(
        `INSERT INTO scores.rank (run_id, period, entity_id, level, peer_class, state, score, coverage)
         VALUES ($run, $period, $entity, $level, 'x', 'ranked', $score, 1)`,
        { run, period, entity, level, score },
      );
    }
    await store.run(
      `INSERT INTO scores.rank_uncertainty (run_id, period, level, peer_class, entity_id, error_source, replications, score_deviation)
       VALUES ($run, '2018-06', $level, 'x', $entity, 'data', 100, $deviation)`,
      { run, level, entity, deviation },
    );
  }
  await warnOf("2018-06", ["conduct"]);
  const values = await store.rows(
    `SELECT c.entity_id, round(v.value, 9) AS value, v.numerator, round(v.denominator, 9) AS noise
     FROM warn.value v JOIN warn.run_computation c USING (fingerprint)
     WHERE v.series_id = 'score-drop' AND v.period = '2018-06' ORDER BY c.entity_id`,
  );
  // √24 and √600, of a window of twelve months √(2 ÷ 12): √4 = 2 and √100 = 10 points.
  expect(values).toEqual([
    { entity_id: "D1", value: 5, numerator: 10, noise: 2 },
    { entity_id: "D2", value: 1, numerator: 10, noise: 10 },
  ]);
});

test("pipelines of one jurisdiction under the same rules have alerts of their own", async () => {
  store = await openWorld({ debt_position: [RESOURCES, debt("2018-03", 1210)] });
  const runOf = async (pipeline: string, month: string) => {
    const known = `${shiftPeriod(parsePeriod(month), 1).id}-10 00:00:00`;
    await store.run(
      `INSERT OR REPLACE INTO scores.run VALUES ($run, $pipeline, 'j', $month, CAST($known AS TIMESTAMP), 's', '', '', '1', 'score')`,
      { run: `run ${month} ${known}`, pipeline, month, known },
    );
    await warnOf(month, ["debt"], known, pipeline);
  };
  const owners = () =>
    store.rows<{ pipeline: string; kind: string }>(
      `SELECT p.pipeline, e.kind FROM warn.alert_event e JOIN warn.alert_raised a USING (alert_id) JOIN warn.alert_pipeline p USING (alert_id)
       WHERE a.rule_id = 'debt-ratio' ORDER BY p.pipeline, e.sequence`,
    );
  await runOf("one", "2018-04");
  // It knows less than the other's last, and raises its own all the same.
  await runOf("other", "2018-03");
  expect(await owners()).toEqual([
    { pipeline: "one", kind: "raised" },
    { pipeline: "other", kind: "raised" },
  ]);
  // What ends for one goes on for the other.
  const below = ["2018-05", "2018-06", "2018-07"].map((month) => debt(month, 900));
  await insertRows(store, { debt_position: below });
  await runOf("other", "2018-07");
  expect(await owners()).toEqual([
    { pipeline: "one", kind: "raised" },
    { pipeline: "other", kind: "raised" },
    { pipeline: "other", kind: "recovered" },
    { pipeline: "other", kind: "closed" },
  ]);
});
