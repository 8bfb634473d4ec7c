import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { measure } from "../../src/measure/measure.ts";
import { readEvidence } from "../../src/measure/read-evidence.ts";
import { excludeUncounted, findUncountable } from "../../src/measure/working-days.ts";
import { parsePeriod } from "../../src/period.ts";
import type { IndicatorFile } from "../../src/standard/indicator-file.ts";
import type { Store } from "../../src/store/store.ts";
import { makeIndicator } from "./make-indicator.ts";
import { closeWorlds, complaint, world } from "./measure-one.ts";
import { makeContext, readValues } from "./small-world.ts";

afterEach(closeWorlds);

const COLUMNS = "1 AS denominator, category, false AS excluded, record_key, file_id, line";
const ON_TIME = makeIndicator({
  id: "X/on-time",
  reads: { publicity_item: ["published_on", "category?"] },
  sql: `SELECT entity_id, decided_on AS occurred_on,
      CASE WHEN working_days_between(decided_on, published_on) <= 7 THEN 1 ELSE 0 END AS numerator, ${COLUMNS}
    FROM known.publicity_item`,
});
const BY_LIMIT = makeIndicator({
  id: "X/by-limit",
  reads: { publicity_item: ["published_on", "category?"] },
  sql: `WITH due AS (SELECT *, Working_Day_After (decided_on, 7) AS due_on FROM known.publicity_item)
    -- working_day_after(not, a call)
    SELECT entity_id, due_on AS occurred_on, published_on <= due_on AS numerator, ${COLUMNS} FROM due`,
});
const LATE_ONES = makeIndicator({
  id: "X/late-ones",
  reads: { publicity_item: ["published_on", "category?"] },
  sql: `SELECT entity_id, decided_on AS occurred_on, 1 AS numerator, ${COLUMNS}
    FROM known.publicity_item WHERE working_days_between(decided_on, published_on) > 7`,
});
const MEDIAN = makeIndicator({
  id: "X/median",
  aggregate: "median",
  reads: { publicity_item: ["published_on", "category?"] },
  sql: `SELECT entity_id, decided_on AS occurred_on,
      working_days_between(decided_on, published_on) AS numerator, ${COLUMNS}
    FROM known.publicity_item`,
});

const item = (decided_on: string, published_on: string | null, record_key: string) => ({
  entity_id: "D1",
  list: "licence",
  decided_on,
  published_on,
  record_key,
});

// Decided on Monday 4 June 2018: by the 8th 4 working days, by 15 June 9. The calendar ends with 2026.
const ITEMS = [
  item("2018-06-04", "2018-06-08", "IN-TIME"),
  item("2018-06-04", "2018-06-15", "LATE"),
  item("2018-06-04", null, "NEVER"),
  item("2018-06-04", "2027-01-04", "BEYOND"),
];

async function measureAll(
  store: Store,
  indicators: readonly IndicatorFile[],
  period = "2018-06",
  asOf = "2018-07-10 00:00:00",
) {
  const context = {
    ...makeContext(store, indicators, [period], { asOf }),
    pipeline: { calendar: "metrics/calendar/china.csv" } as never,
  };
  const outcome = await measure(context);
  const values = await readValues(store);
  const of = (indicator: string) =>
    values.find(({ indicator_id, entity_id }) => indicator_id === indicator && entity_id === "D1");
  return { context, outcome, of };
}

const results = (store: Store) =>
  store.rows<{ source_id: string | null; failing_rows: number; message_en: string }>(
    "SELECT source_id, failing_rows, message_en FROM checks.result WHERE check_id = 'working-days' AND NOT passed ORDER BY source_id NULLS FIRST",
  );

describe("a record that needs a day outside the calendar", () => {
  it("is left out, whatever the indicator makes of the count; records without a day are not", async () => {
    const store = await world({ publicity_item: ITEMS });
    const { of } = await measureAll(store, [ON_TIME, BY_LIMIT, LATE_ONES, MEDIAN]);
    expect(of("X/on-time")).toMatchObject({ numerator: "1.000000", sample_size: 3, excluded: 1 });
    // 13 June is the limit, so whatever day of 2027 it was published on is after it; NEVER has no number at all.
    expect(of("X/by-limit")).toMatchObject({ numerator: "1.000000", sample_size: 3, excluded: 1 });
    expect(of("X/late-ones")).toMatchObject({ numerator: "1.000000", sample_size: 1, excluded: 1 });
    expect(of("X/median")).toMatchObject({ value: 6.5, sample_size: 2, excluded: 2 });
  });

  it("is told: in the outcome, as a failed check with the row, and as an alert", async () => {
    const store = await world({
      publicity_item: [...ITEMS, item("1999-01-04", "1999-01-08", "LONG-AGO")],
    });
    const { outcome } = await measureAll(store, [ON_TIME, MEDIAN]);
    const told = await results(store);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ failing_rows: 2 });
    expect(told[0]?.message_en).toMatch(
      /2 record\(s\) need days outside the working-day calendar \(2016-01-01 to 2026-12-31\).*2 indicator\(s\) \(X\/median, X\/on-time\).*1 of them/,
    );
    expect(outcome.notes.map(({ en }) => en)).toContain(told[0]?.message_en);
    expect(
      await store.rows(
        "SELECT record_key, detail FROM checks.failing_row WHERE check_id = 'working-days' ORDER BY record_key",
      ),
    ).toEqual([
      { record_key: "BEYOND", detail: "X/median, X/on-time" },
      { record_key: "LONG-AGO", detail: "X/median, X/on-time" },
    ]);
    expect(
      await store.rows(
        "SELECT kind, observed FROM checks.operations_alert WHERE kind = 'uncounted'",
      ),
    ).toEqual([{ kind: "uncounted", observed: "2" }]);
    // Used again from what is held, it is told again, and once.
    await measureAll(store, [ON_TIME, MEDIAN]);
    expect(await results(store)).toEqual(told);
  });

  it("is shown among the evidence as excluded", async () => {
    const store = await world({ publicity_item: ITEMS });
    const { context } = await measureAll(store, [ON_TIME]);
    const { rows } = await readEvidence(context, {
      indicatorId: "X/on-time",
      entityId: "D1",
      period: parsePeriod("2018-06"),
    });
    expect(rows.map(({ record_key, excluded }) => [record_key, excluded])).toEqual([
      ["BEYOND", true],
      ["IN-TIME", false],
      ["LATE", false],
      ["NEVER", false],
    ]);
  });

  it("is nothing to tell where all days are covered", async () => {
    const store = await world({ publicity_item: ITEMS.slice(0, 3) });
    const { outcome } = await measureAll(store, [ON_TIME]);
    expect(await findUncountable(store, [ON_TIME, MEDIAN])).toEqual(new Set());
    expect(await results(store)).toEqual([]);
    expect(outcome.notes).toHaveLength(1);
  });
});

describe("a period outside the calendar", () => {
  it("has no data where working days are counted, and all else is measured", async () => {
    const store = await world(
      {
        publicity_item: [item("2027-03-01", "2027-03-03", "A"), item("2027-03-01", null, "B")],
        complaint: [complaint("D1", "2027-03-05")],
      },
      { asOf: "2027-04-10 00:00:00" },
    );
    const { of, outcome } = await measureAll(
      store,
      [MEDIAN, makeIndicator()],
      "2027-03",
      "2027-04-10 00:00:00",
    );
    expect(of("X/median")).toMatchObject({ state: "no_data", sample_size: 0 });
    expect(of("X/test")).toMatchObject({ state: "assessed", value: 1 });
    expect((await results(store))[0]?.message_en).toMatch(/does not cover all of 2027-03/);
    expect(outcome.notes.some(({ zh }) => zh.includes("不含或不全含 2027-03"))).toBe(true);
  });
});

// What a row says when the calendar is cut short is what it says in the whole one, or nothing.
it("however the calendar is cut, what is counted is what the whole calendar counts", async () => {
  const days = fc.integer({ min: 0, max: 120 }).map((ahead) => {
    const day = new Date(Date.UTC(2018, 2, 1) + ahead * 86_400_000);
    return day.toISOString().slice(0, 10);
  });
  const pairs = fc.array(fc.tuple(days, fc.option(days)), { minLength: 1, maxLength: 12 });
  const counted = (store: Store, sql: string) =>
    store.rows(
      `SELECT record_key, CAST(occurred_on AS DATE) AS day, CAST(numerator AS INTEGER) AS numerator FROM (${sql}) WHERE NOT excluded ORDER BY ALL`,
    );
  await fc.assert(
    fc.asyncProperty(pairs, days, days, async (items, first, last) => {
      const store = await world({
        publicity_item: items.map(([decided, published], index) =>
          item(decided, published, `R${index}`),
        ),
      });
      const indicators = [ON_TIME, BY_LIMIT, LATE_ONES, MEDIAN];
      const whole = await Promise.all(indicators.map(({ sql }) => counted(store, sql)));
      await store.run(
        `DELETE FROM core.calendar_day WHERE day NOT BETWEEN '${first}' AND '${last}'`,
      );
      for (const [index, indicator] of indicators.entries()) {
        const { sql } = excludeUncounted(indicator);
        const cut = await counted(store, sql);
        for (const row of cut) expect(whole[index]).toContainEqual(row);
        const gone = (whole[index]?.length ?? 0) - cut.length;
        const excluded = await store.rows(`SELECT 1 AS one FROM (${sql}) WHERE excluded`);
        expect(excluded.length).toBeGreaterThanOrEqual(gone);
      }
      store.close();
    }),
    { numRuns: 6 },
  );
});
