import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  APPROVALS,
  type Asked,
  askTinyCity,
  EAST,
  FINANCE,
  LAKE,
  NORTH,
  WEST,
} from "./tiny-answers.ts";
import {
  AGAIN,
  CLOSED,
  contributions,
  DEBT,
  DELAY,
  expectPoints,
  expectScores,
} from "./tiny-scores.ts";
import {
  JUNE_CORRECTED,
  readTree,
  removeFolders,
  TINY_CITY,
  tinyConfig,
} from "./tiny-workspace.ts";

// Every number is worked out in tests/fixtures/tiny-city/WORKED.md, under the section named.

const ln = Math.log;

let asked: Asked;
let corrected: Asked;

beforeAll(async () => {
  const config = tinyConfig(TINY_CITY);
  const before = await askTinyCity(JUNE_CORRECTED, config);
  before.close();
  asked = await askTinyCity(undefined, config);
  corrected = asked.of(before);
});

afterAll(() => {
  asked?.close();
  removeFolders();
});

describe("§4 contributions", () => {
  test("of East Lake in June", async () => {
    const whole = ln(100 / 64) + ln(100 / 25);
    expectPoints(await contributions(asked, EAST), {
      [CLOSED]: 18,
      [AGAIN]: 22.5,
      [DELAY]: 20 - (0.4 * 60 * ln(100 / 64)) / whole,
      [DEBT]: 20 - (0.4 * 60 * ln(100 / 25)) / whole,
      "deduction dishonesty": -5,
    });
  });

  test("of West Hill in June", async () => {
    const whole = ln(100 / 28) + ln(100 / 7);
    expectPoints(await contributions(asked, WEST), {
      [CLOSED]: 6,
      [AGAIN]: 15,
      [DELAY]: 20 - (0.4 * 86 * ln(100 / 28)) / whole,
      [DEBT]: 20 - (0.4 * 86 * ln(100 / 7)) / whole,
      "deduction dishonesty": -2,
    });
  });

  test("of North Harbour in June, cut at both limits", async () => {
    expectPoints(await contributions(asked, NORTH), {
      [CLOSED]: 30,
      [AGAIN]: 30,
      [DEBT]: 40,
      "bonus honours": 4,
      "limit honours": -1,
      "limit maximum": -3,
    });
  });

  test("of East Lake in May", async () => {
    expectPoints(await contributions(asked, EAST, "2018-05"), {
      [CLOSED]: 22.5,
      [AGAIN]: 20.625,
      [DELAY]: 12,
      [DEBT]: 20,
      "deduction dishonesty": -10,
      "bonus honours": 1,
    });
  });

  test("sum to every score exactly, and their differences to every movement", async () => {
    const [count] = await asked.rows(`
      SELECT count(*) AS ranked, count(*) FILTER (WHERE c.points IS DISTINCT FROM r.score) AS wrong
      FROM scores.rank r LEFT JOIN (
        SELECT run_id, period, entity_id, sum(points) AS points FROM scores.contribution GROUP BY ALL) c
        USING (run_id, period, entity_id)
      WHERE r.run_id = $run AND r.state = 'ranked'`);
    // Jan 1, Feb 2, Mar 3, Apr 4, May 7, Jun 6.
    expect(count).toEqual({ ranked: 23, wrong: 0 });
    const june = await contributions(asked, EAST);
    const may = await contributions(asked, EAST, "2018-05");
    const names = [...new Set([...Object.keys(june), ...Object.keys(may)])];
    const moved = names.reduce((sum, name) => sum + (june[name] ?? 0) - (may[name] ?? 0), 0);
    const [scores] = await asked.rows<{ moved: number }>(`
      SELECT score - score_previous AS moved FROM scores.rank
      WHERE run_id = $run AND period = '2018-06' AND entity_id = '${EAST}'`);
    expect(moved).toBe(scores?.moved);
    expect(moved).toBeCloseTo(-14.625, 10);
  });

  test("the points lost on closing go to the category of the late orders, those of a record to its line", async () => {
    const details = await asked.rows(`
      SELECT d.node_id, d.detail_kind AS kind, d.detail, round(d.points, 9) AS points, d.line, f.file_name AS file
      FROM scores.contribution_detail d LEFT JOIN raw.file f ON f.file_id = d.file_id
      WHERE d.run_id = $run AND d.period = '2018-06' AND d.entity_id = '${EAST}'
        AND d.node_id IN ('B2/closed-on-time', 'dishonesty') AND d.points <> 0
      ORDER BY d.node_id, kind`);
    expect(details).toEqual([
      {
        node_id: "B2/closed-on-time",
        kind: "category",
        detail: "噪音",
        points: -12,
        line: null,
        file: null,
      },
      {
        node_id: "B2/closed-on-time",
        kind: "rest",
        detail: "",
        points: 30,
        line: null,
        file: null,
      },
      {
        node_id: "dishonesty",
        kind: "record",
        detail: "D1",
        points: -5,
        line: 1,
        file: "records.ndjson",
      },
    ]);
  });

  test("details sum to their contribution exactly, in the period and the one it is compared with", async () => {
    const wrong = await asked.rows(`
      SELECT c.period, c.entity_id, c.kind, c.node_id, c.points, d.points AS detailed
      FROM scores.contribution c LEFT JOIN (
        SELECT run_id, period, entity_id, kind, node_id, sum(points) AS points
        FROM scores.contribution_detail GROUP BY ALL) d USING (run_id, period, entity_id, kind, node_id)
      WHERE c.run_id = $run AND c.period IN ('2018-05', '2018-06') AND c.points <> coalesce(d.points, 0)`);
    expect(wrong).toEqual([]);
    const kept = await asked.rows(
      "SELECT DISTINCT period FROM scores.contribution_detail WHERE run_id = $run ORDER BY period",
    );
    expect(kept).toEqual([{ period: "2018-05" }, { period: "2018-06" }]);
  });
});

describe("§7 the correction", () => {
  test("restates June", async () => {
    await expectScores(corrected, "2018-06", {
      [EAST]: 51.5,
      [WEST]: 24.6,
      [NORTH]: 88,
      [APPROVALS]: 85,
      [FINANCE]: 85,
      [LAKE]: 75,
    });
    expectPoints(await contributions(corrected, NORTH), {
      [CLOSED]: 15,
      [AGAIN]: 30,
      [DEBT]: 40,
      "bonus honours": 4,
      "limit honours": -1,
    });
    expect(
      await corrected.rows(
        `SELECT rank, grade, grade_before_veto FROM scores.rank
         WHERE run_id = $run AND period = '2018-06' AND entity_id = '${NORTH}'`,
      ),
    ).toEqual([{ rank: 1, grade: "C", grade_before_veto: "A" }]);
  });

  test("is another run, and the runs stand side by side", async () => {
    expect(corrected.runId).not.toBe(asked.runId);
    expect(Object.keys(readTree(corrected.published)).length).toBeGreaterThan(3);
    expect(Object.keys(readTree(asked.published)).length).toBeGreaterThan(3);
  });
});
