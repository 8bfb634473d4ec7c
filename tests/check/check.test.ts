import { cpSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { check } from "../../src/check/check.ts";
import { readChecks } from "../../src/standard/check-file.ts";
import { type Bench, openBench } from "../conform/fixture.ts";
import { BODIES, DISTRICTS, PENALTIES, penalty } from "../conform/sources.ts";

let bench: Bench;
afterEach(() => bench.close());

const STATE = `SELECT source_id, state, files, rows_received AS received, rows_loaded AS loaded, rows_quarantined AS quarantined,
  rows_duplicate AS duplicate, rows_corrected AS corrected, rows_flagged AS flagged FROM checks.source_state ORDER BY source_id`;
const STRICT = PENALTIES.replace("quarantine_share: 1", "quarantine_share: 0.25");

test("what a source contributed: every row received is loaded, quarantined, duplicate or not for this kind", async () => {
  bench = await openBench([BODIES, `${PENALTIES}only: { CF_XDR_LB: [法人, 错] }\n`]);
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  await bench.deliver(
    "penalties",
    "1.csv",
    [
      penalty({ CF_WSH: "1", CF_XDR_SHXYM: "91350100M000100Y4Z" }),
      penalty({ CF_WSH: "1", CF_XDR_SHXYM: "91350100M000100Y4Z" }),
      penalty({ CF_WSH: "2" }),
      penalty({ CF_WSH: "3", CF_XDR_LB: "错" }),
      penalty({ CF_WSH: "4", CF_XDR_LB: "自然人" }),
    ],
    { unreadable: 1 },
  );
  await bench.deliver("penalties", "2.csv", [
    penalty({ CF_WSH: "2", GS_RQ: "2018-03-09", SJ: "2018-04-01" }),
  ]);
  await bench.conform();
  await check(bench.context);
  expect((await bench.rows(STATE))[1]).toEqual({
    source_id: "penalties",
    state: "fresh",
    files: 2,
    received: 7,
    loaded: 3,
    quarantined: 2,
    duplicate: 1,
    corrected: 1,
    flagged: 1,
  });
  expect(
    await bench.rows(
      "SELECT newest_known, newest_valid FROM checks.source_state WHERE source_id = 'penalties'",
    ),
  ).toEqual([{ newest_known: "2018-04-01 00:00:00", newest_valid: "2018-03-01" }]);
});

describe("states of a source", () => {
  async function statesAfter(
    files: readonly (readonly Record<string, string | null>[])[],
    definition = STRICT,
  ): Promise<string | undefined> {
    bench = await openBench([BODIES, definition]);
    await bench.deliver("bodies", "b.csv", DISTRICTS);
    for (const [index, rows] of files.entries()) {
      await bench.deliver("penalties", `${index}.csv`, rows);
      await bench.conform();
    }
    await check(bench.context);
    const rows = await bench.rows<{ state: string; message_zh: string | null }>(
      "SELECT state, message_zh, message_en FROM checks.source_state WHERE source_id = 'penalties'",
    );
    if (rows[0]?.state !== "fresh") expect(rows[0]?.message_zh).toBeTruthy();
    return rows[0]?.state;
  }
  const bad = [penalty({ CF_JDRQ: "x" })];
  test("fresh", async () => expect(await statesAfter([[penalty({})]])).toBe("fresh"));
  test("absent without files", async () => expect(await statesAfter([])).toBe("absent"));
  test("failed without a good row", async () => expect(await statesAfter([bad])).toBe("failed"));
  test("stale with the last good data when a file was refused", async () =>
    expect(await statesAfter([[penalty({})], bad])).toBe("stale"));
  // Known on 6 March; the period ends on 31 December, 300 days later.
  test.each([
    [300, "fresh"],
    [299, "stale"],
  ])("%i days of freshness: %s", async (days, state) => {
    const definition = STRICT.replace(
      "quarantine_share",
      `freshness_days: ${days}, quarantine_share`,
    );
    expect(await statesAfter([[penalty({})]], definition)).toBe(state);
  });
});

test("with freshness_by: valid_from the newest thing that happened counts, days still to come do not", async () => {
  bench = await openBench([
    BODIES,
    STRICT.replace(
      "quarantine_share",
      "freshness_days: 304, freshness_by: valid_from, quarantine_share",
    ).replace("max: 2018-12-31", "max: 2030-12-31"),
  ]);
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  // Decided on 1 March, 305 days before the period's end; both rows became known on 28 December.
  await bench.deliver("penalties", "1.csv", [
    penalty({ CF_WSH: "1", SJ: "2018-12-28" }),
    penalty({ CF_WSH: "2", CF_JDRQ: "2019-02-01", SJ: "2018-12-28" }),
  ]);
  await bench.conform();
  await check(bench.context);
  expect(
    await bench.rows(
      "SELECT passed, observed, expected FROM checks.result WHERE check_id = 'freshness'",
    ),
  ).toEqual([{ passed: false, observed: "305", expected: "<= 304" }]);
  expect(await bench.rows("SELECT alert_key FROM checks.operations_alert")).toEqual([
    { alert_key: "penalties:late:2018-03-01" },
  ]);
});

test("expectations that warn: rows.max and fill; passes are recorded too", async () => {
  bench = await openBench([
    BODIES,
    STRICT.replace(
      "quarantine_share",
      "rows: { max: 3 }, fill: { published_on: 0.75, fine_amount: 1 }, quarantine_share",
    ),
  ]);
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  await bench.deliver("penalties", "1.csv", [
    penalty({ CF_WSH: "1" }),
    penalty({ CF_WSH: "2" }),
    penalty({ CF_WSH: "3", GS_RQ: "-" }),
    penalty({ CF_WSH: "4", CF_NR_FK: "" }),
  ]);
  await bench.conform();
  await check(bench.context);
  expect(
    await bench.rows(
      `SELECT check_id, severity, passed, failing_rows, observed, expected FROM checks.result
       WHERE source_id = 'penalties' AND (check_id IN ('files-usable', 'rows-max') OR starts_with(check_id, 'fill'))
       ORDER BY check_id`,
    ),
  ).toEqual([
    {
      check_id: "files-usable",
      severity: "stop",
      passed: true,
      failing_rows: 0,
      observed: "0",
      expected: "0",
    },
    {
      check_id: "fill-fine_amount",
      severity: "warn",
      passed: false,
      failing_rows: 1,
      observed: "75.0%",
      expected: ">= 100.0%",
    },
    {
      check_id: "fill-published_on",
      severity: "warn",
      passed: true,
      failing_rows: 0,
      observed: "75.0%",
      expected: ">= 75.0%",
    },
    {
      check_id: "rows-max",
      severity: "warn",
      passed: false,
      failing_rows: 1,
      observed: "4",
      expected: "<= 3",
    },
  ]);
});

test("checks of the workspace: bad rows are listed with file and line, and a rerun leaves the same", async () => {
  bench = await openBench([BODIES, PENALTIES]);
  cpSync(
    resolve(import.meta.dirname, "../../metrics/checks"),
    join(bench.folder, "metrics/checks"),
    {
      recursive: true,
    },
  );
  const ids = readChecks(bench.folder).map(({ id }) => id);
  expect(ids.length).toBeGreaterThanOrEqual(10);
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  await bench.deliver("penalties", "1.csv", [
    penalty({ CF_WSH: "1" }),
    penalty({ CF_WSH: "2", GS_RQ: "2018-02-28" }),
  ]);
  await bench.conform();
  const dump = async () => [
    await bench.rows("SELECT * FROM checks.result ORDER BY ALL"),
    await bench.rows("SELECT * FROM checks.failing_row ORDER BY ALL"),
    await bench.rows("SELECT * FROM checks.source_state ORDER BY ALL"),
  ];
  await check(bench.context);
  const first = await dump();
  expect(
    await bench.rows(
      "SELECT check_id, source_id, record_key, file_id, line FROM checks.failing_row",
    ),
  ).toEqual([
    {
      check_id: "publicity-not-before-decision",
      source_id: "penalties",
      record_key: "370202|2",
      file_id: 2,
      line: 3,
    },
  ]);
  expect(
    await bench.rows("SELECT check_id FROM checks.result WHERE source_id IS NULL AND passed"),
  ).toEqual([{ check_id: "code-names-one-entity" }]);
  await check(bench.context);
  expect(await dump()).toEqual(first);
});
