import { afterEach, describe, expect, test } from "vitest";
import { check } from "../../src/check/check.ts";
import { type Bench, openBench } from "../conform/fixture.ts";
import { BODIES, DISTRICTS } from "../conform/sources.ts";

let bench: Bench;
afterEach(() => bench.close());

const source = (expectations: string) => `source: orders
title: { zh: 工单（合成）, en: Orders (synthetic) }
owner: { zh: 热线中心, en: Hotline centre }
synthetic: true
kind: complaint
connector: { type: folder, path: x }
format: { type: csv }
key: [record_key]
valid: { from: received_at }
known_at: { column: known }
columns:
  record_key: { from: id }
  entity_id: { from: body, entity: [gb2260] }
  received_at: { from: day }
expectations: ${expectations}
`;

let last = 0;
/** As many orders of a day as asked for, known on the same day unless said otherwise. */
const orders = (day: string, count: number, known = day) =>
  Array.from({ length: count }, () => ({ id: String(++last), body: "370202", day, known }));

/** Delivers orders and checks them; what was found of the volume or silence of their source. */
async function find(
  rows: ReturnType<typeof orders>,
  expectations: string,
  { asOf = "2018-12-05 00:00:00", holidays = [] as string[] } = {},
) {
  bench = await openBench([BODIES, source(expectations)], { asOf });
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  if (rows.length > 0)
    await bench.deliver("orders", "o.csv", rows, { receivedAt: "2018-01-01 00:00:00" });
  await bench.conform();
  for (const day of holidays) {
    await bench.context.store.run(
      `INSERT INTO core.calendar_day BY NAME SELECT CAST($day AS DATE) AS day, false AS is_working, 1 AS working_days, 'holiday' AS note`,
      { day },
    );
  }
  await check(bench.context);
  return {
    results: await bench.rows(
      "SELECT check_id, passed, failing_rows, observed, expected FROM checks.result WHERE source_id = 'orders' AND check_id IN ('volume', 'silence')",
    ),
    alerts: await bench.rows(
      "SELECT alert_key, kind, severity, observed, expected FROM checks.operations_alert WHERE source_id = 'orders' ORDER BY kind",
    ),
  };
}

// Eight Mondays before Monday 3 December 2018, the oldest first.
const MONDAYS = "10-08 10-15 10-22 10-29 11-05 11-12 11-19 11-26"
  .split(" ")
  .map((day) => `2018-${day}`);
const history = (counts: readonly number[]) =>
  counts.flatMap((count, index) => orders(MONDAYS[index] as string, count));

describe("volume against the same weekday's history", () => {
  // Sorted 18 19 20 20 20 21 22 40: median 20. Deviations 2 1 0 0 0 1 2 20: median 1, scaled 1.4826.
  // The root of 20 is larger, 4.472; 20 - 4 x 4.472 = 2.11: two are too few, three are not. The odd 40 moves nothing.
  const STEADY = [20, 22, 18, 20, 21, 19, 20, 40];
  test.each([
    [3, true],
    [2, false],
    [0, false],
  ])("%i records where 20 are usual: passed is %s", async (count, passed) => {
    const { results, alerts } = await find(
      [...history(STEADY), ...orders("2018-12-03", count)],
      "{ volume: { weeks: 8 } }",
    );
    expect(results).toEqual([
      passed
        ? { check_id: "volume", passed, failing_rows: 0, observed: "0", expected: "0" }
        : {
            check_id: "volume",
            passed,
            failing_rows: 1,
            observed: `2018-12-03: ${count}`,
            expected: ">= 3",
          },
    ]);
    expect(alerts).toEqual(
      passed
        ? []
        : [
            {
              alert_key: "orders:small:2018-12-03",
              kind: "small",
              severity: "warning",
              observed: `2018-12-03: ${count}`,
              expected: ">= 3",
            },
          ],
    );
  });

  // Median 45; deviations 35 25 15 5 5 15 25 35: median 20, scaled 29.652. 45 - 1.5 x 29.652 = 0.522.
  test.each([
    [1, true],
    [0, false],
  ])("a source that varies much is given more room: %i, %s", async (count, passed) => {
    const { results } = await find(
      [...history([10, 20, 30, 40, 50, 60, 70, 80]), ...orders("2018-12-03", count)],
      "{ volume: { weeks: 8, deviations: 1.5 } }",
    );
    expect(results).toMatchObject([{ passed, expected: passed ? "0" : ">= 1" }]);
  });

  test("fewer than four weeks say nothing; other weekdays do not either", async () => {
    const tuesdays = MONDAYS.map((day) =>
      day.replace(/\d\d$/, (d) => String(Number(d) + 1).padStart(2, "0")),
    );
    const rows = [
      ...tuesdays.flatMap((day) => orders(day, 50)),
      ...history([0, 0, 0, 0, 0, 50, 50, 50]),
    ];
    // The source began on Tuesday 9 October; seven Mondays follow, of which four were empty: median 0.
    const { results } = await find(rows, "{ volume: { weeks: 8 } }", {
      asOf: "2018-12-05 00:00:00",
    });
    expect(results).toMatchObject([{ passed: true }]);
    bench.close();
    const { results: young } = await find(
      history([0, 0, 0, 0, 0, 50, 50, 50]),
      "{ volume: { weeks: 8 } }",
    );
    expect(young).toMatchObject([{ passed: true }]);
    bench.close();
    const { results: older } = await find(
      history([0, 0, 0, 0, 50, 50, 50, 50]),
      "{ volume: { weeks: 8 } }",
    );
    expect(older).toMatchObject([{ passed: false, observed: "2018-12-03: 0" }]);
  });

  test("days still on their way are not judged", async () => {
    const { results } = await find(history(STEADY), "{ volume: { weeks: 8, settle_days: 2 } }", {
      asOf: "2018-12-05 00:00:00",
    });
    expect(results).toMatchObject([{ passed: true }]);
  });

  test("a holiday is neither judged nor compared with", async () => {
    const { results } = await find(history(STEADY), "{ volume: { weeks: 8 } }", {
      holidays: ["2018-12-03"],
    });
    expect(results).toMatchObject([{ passed: true }]);
    bench.close();
    // Five of the eight Mondays were holidays without a record: the three others are too few weeks.
    const { results: compared } = await find(
      history([50, 0, 0, 0, 0, 0, 50, 50]),
      "{ volume: { weeks: 8 } }",
      { holidays: MONDAYS.slice(1, 6) },
    );
    expect(compared).toMatchObject([{ passed: true }]);
    bench.close();
    // One holiday fewer, and the empty Monday does not hide the four full ones: median of 50 50 50 50.
    const { results: full } = await find(
      history([50, 50, 0, 0, 0, 0, 50, 50]),
      "{ volume: { weeks: 8 } }",
      { holidays: MONDAYS.slice(2, 6) },
    );
    expect(full).toMatchObject([{ passed: false }]);
  });

  test("by the day they became known, several low days in a month", async () => {
    // Known the day after they happened; all of December is missing but its first Monday.
    const next = (day: string) =>
      day.replace(/\d\d$/, (d) => String(Number(d) + 1).padStart(2, "0"));
    const rows = [...MONDAYS, "2018-12-03"].flatMap((day) => orders(day, 30, next(day)));
    const { results, alerts } = await find(rows, "{ volume: { by: known_from, weeks: 8 } }", {
      asOf: "2019-01-10 00:00:00",
    });
    // Known on Tuesdays. 11, 18 and 25 December have none, where 30 are usual: 30 - 4 x 5.477 = 8.09. Before the last
    // of them lie six Tuesdays of 30 and two of none, whose median is still 30.
    expect(results).toMatchObject([
      { failing_rows: 3, observed: "2018-12-11: 0", expected: ">= 9" },
    ]);
    expect(alerts).toMatchObject([{ alert_key: "orders:small:2018-12-11" }]);
  });
});

describe("a silent source", () => {
  test.each([
    [30, false],
    [31, true],
  ])("31 days without news, %i allowed: passed is %s", async (days, passed) => {
    const { results, alerts } = await find(orders("2018-11-01", 3), `{ silent_days: ${days} }`, {
      asOf: "2018-12-02 08:00:00",
    });
    expect(results).toMatchObject([
      { check_id: "silence", passed, observed: "31", expected: `<= ${days}` },
    ]);
    expect(alerts).toEqual(
      passed
        ? []
        : [
            {
              alert_key: "orders:silent:2018-12-02",
              kind: "silent",
              severity: "critical",
              observed: "31",
              expected: "<= 30",
            },
          ],
    );
  });

  test("the key stays while the silence lasts, and the check says the same again", async () => {
    const rows = orders("2018-11-01", 3);
    const first = await find(rows, "{ silent_days: 10 }", { asOf: "2018-11-20 00:00:00" });
    bench.close();
    const later = await find(rows, "{ silent_days: 10 }", { asOf: "2018-12-20 00:00:00" });
    const key = [{ alert_key: "orders:silent:2018-11-12" }];
    expect(first.alerts).toMatchObject(key);
    expect(later.alerts).toMatchObject(key);
    await check(bench.context);
    expect(
      await bench.rows("SELECT alert_key FROM checks.operations_alert WHERE source_id = 'orders'"),
    ).toEqual(key);
  });

  test("one that could not be fetched, since the first failure after the last success", async () => {
    await find(orders("2018-11-01", 3), "{}");
    for (const [at, failed] of [
      ["2018-10-20 00:00:00", true],
      ["2018-11-01 00:00:00", false],
      ["2018-11-28 00:00:00", true],
      ["2018-12-02 00:00:00", true],
      // After the as-of time: not yet known.
      ["2018-12-06 00:00:00", false],
    ] as const) {
      await bench.context.store.run(
        "INSERT INTO raw.pull_attempt VALUES ('orders', CAST($at AS TIMESTAMP), $because)",
        { at, because: failed ? "连接被拒绝。\nThe connection was refused." : null },
      );
    }
    await check(bench.context);
    expect(
      await bench.rows(
        "SELECT * EXCLUDE (run_id) FROM checks.operations_alert WHERE source_id = 'orders'",
      ),
    ).toEqual([
      {
        alert_key: "orders:unfetched:2018-11-28",
        kind: "unfetched",
        severity: "critical",
        source_id: "orders",
        since: "2018-11-28",
        observed: "2",
        expected: "0",
        message_zh: "工单（合成）：自 2018-11-28 起连续 2 次未能取得数据。连接被拒绝。",
        message_en:
          "Orders (synthetic): It could not be fetched 2 times in a row, since 2018-11-28. The connection was refused.",
      },
    ]);
  });

  test("one of which nothing is known at all, and one that is late, are alerts without being asked for", async () => {
    const absent = await find([], "{}");
    expect(absent.alerts).toMatchObject([{ kind: "absent", severity: "critical" }]);
    bench.close();
    const late = await find(orders("2018-11-01", 3), "{ freshness_days: 20 }");
    expect(late.alerts).toMatchObject([
      {
        alert_key: "orders:late:2018-11-01",
        severity: "warning",
        observed: "60",
        expected: "<= 20",
      },
    ]);
  });
});
