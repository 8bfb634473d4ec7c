import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import exceljs from "exceljs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunResult } from "../../src/run.ts";
import {
  JUNE_CORRECTED,
  publishedFolder,
  readTree,
  removeFolders,
  runTiny,
  TINY_CITY,
  tinyConfig,
} from "./tiny-workspace.ts";

// Every number below is worked out in tests/fixtures/tiny-city/WORKED.md; the section is named beside it.

const EAST = "999901";
const WEST = "999902";
const NORTH = "999903";
const LAKE = "999901001";
const HILL = "999902001";
const APPROVALS = "11999900000001011N";
const FINANCE = "119999000000020222";

let result: RunResult;
let corrected: RunResult;

beforeAll(async () => {
  const config = tinyConfig(TINY_CITY);
  corrected = await runTiny(config, JUNE_CORRECTED);
  corrected.context.store.close();
  result = await runTiny(config);
});

afterAll(() => {
  result?.context.store.close();
  removeFolders();
});

const rows = <T = Record<string, unknown>>(sql: string, run = result): Promise<T[]> =>
  result.context.store.rows<T>(sql, sql.includes("$run") ? { run: run.context.runId } : undefined);

describe("the fixture", () => {
  const sample = (path: string) => readFileSync(join(TINY_CITY, "data-samples", path));
  const written = (path: string) => readFileSync(join(TINY_CITY, "written", path), "utf8");

  test("the packed files say what their texts in written/ say", async () => {
    expect(new TextDecoder("gb18030").decode(sample("licences/licences.csv"))).toBe(
      written("licences.csv"),
    );
    expect(gunzipSync(sample("orders/orders-known-2018-07-02.csv.gz")).toString()).toBe(
      written("orders-known-2018-07-02.csv"),
    );
    expect(gunzipSync(sample("debtors/debtors.ndjson.gz")).toString()).toBe(
      written("debtors.ndjson"),
    );
    const workbook = new exceljs.Workbook();
    await workbook.xlsx.readFile(join(TINY_CITY, "data-samples/departments/departments.xlsx"));
    const sheet = workbook.getWorksheet("部门");
    const lines = sheet?.getSheetValues().slice(1) as unknown[][];
    expect(lines.map((line) => line.slice(1).join(","))).toEqual(
      written("departments.csv").trimEnd().split("\n"),
    );
  });

  test("says that it is synthetic in every sample", () => {
    for (const [name, base64] of Object.entries(readTree(join(TINY_CITY, "data-samples")))) {
      const bytes = Buffer.from(base64, "base64");
      const text = name.endsWith(".gz")
        ? gunzipSync(bytes).toString()
        : name.endsWith(".xlsx")
          ? written("departments.csv")
          : new TextDecoder(name.startsWith("licences") ? "gb18030" : "utf-8").decode(bytes);
      expect(text, name).toMatch(/合成|[Ss]ynthetic/);
    }
    expect(Object.keys(readTree(join(TINY_CITY, "data-samples")))).toHaveLength(11);
  });
});

describe("§1 what is delivered", () => {
  test("good rows go to core, with the correction as a version of its own", async () => {
    expect(
      await rows(`
        SELECT 'entity' AS kind, count(*) AS n FROM core.entity UNION ALL
        SELECT 'complaint', count(*) FROM core.complaint UNION ALL
        SELECT 'complaint, known', count(*) FROM known.complaint UNION ALL
        SELECT 'publicity_item', count(*) FROM core.publicity_item UNION ALL
        SELECT 'debt_position', count(*) FROM core.debt_position UNION ALL
        SELECT 'dishonesty_record', count(*) FROM core.dishonesty_record UNION ALL
        SELECT 'dishonesty_record, known', count(*) FROM known.dishonesty_record UNION ALL
        SELECT 'honour', count(*) FROM core.honour ORDER BY kind`),
    ).toEqual([
      { kind: "complaint", n: 10 + 29 + 1 },
      { kind: "complaint, known", n: 10 + 29 },
      { kind: "debt_position", n: 5 },
      { kind: "dishonesty_record", n: 5 + 1 },
      // D2's first version is closed by its repair.
      { kind: "dishonesty_record, known", n: 4 + 1 },
      { kind: "entity", n: 6 + 2 },
      { kind: "honour", n: 3 },
      { kind: "publicity_item", n: 13 },
    ]);
  });

  test("bad rows go to quarantine with file, line, column, value and reason", async () => {
    const found = await rows(`
      SELECT f.file_name AS file, q.line, q.column_name AS col, q.value, q.reason
      FROM quarantine.row q JOIN raw.file f USING (file_id) ORDER BY file, line, col`);
    const bad = (
      file: string,
      line: number,
      col: string | null,
      value: unknown,
      reason: string,
    ) => ({
      file,
      line,
      col,
      value,
      reason,
    });
    const q1 = "orders-known-2018-04-02.csv";
    const q2 = "orders-known-2018-07-02.csv.gz";
    expect(found).toEqual([
      bad("debt.json", 6, "total", "四千", "bad-number"),
      bad("debt.json", 7, "resources", "-10000", "out-of-range"),
      bad("licences.csv", 15, "XK_JDRQ", "2018/13/45", "bad-date"),
      bad("licences.csv", 16, "XK_WSH", null, "missing"),
      bad("licences.csv", 17, "XK_XKJGDM", "未知局", "unknown-entity"),
      bad(q1, 15, "承办单位代码", "999999", "unknown-entity"),
      bad(q1, 16, "受理时间", "2018-02-30 10:00:00", "bad-date"),
      bad(q1, 17, "工单编号", null, "missing"),
      bad(q1, 18, "是否解决", "也许", "unknown-code"),
      bad(q2, 32, "承办单位代码", "999993", "expired-code"),
      bad(q2, 33, "办结时间", "稍后", "bad-date"),
      bad("records.ndjson", 6, null, expect.anything(), "unreadable"),
      bad("records.ndjson", 7, "severity", "很严重", "unknown-code"),
    ]);
  });

  test("what each source gave is counted", async () => {
    const states = await rows(`
      SELECT source_id, state, files, rows_received AS received, rows_quarantined AS bad, rows_duplicate AS dup,
        rows_corrected AS corr, rows_flagged AS flag
      FROM checks.source_state WHERE run_id = $run ORDER BY source_id`);
    const state = (
      source_id: string,
      files: number,
      received: number,
      bad = 0,
      dup = 0,
      corr = 0,
      flag = 0,
    ) => ({ source_id, state: "fresh", files, received, bad, dup, corr, flag });
    expect(states).toEqual([
      state("aliases", 1, 1),
      state("debt", 1, 7, 2),
      state("debtors", 1, 1),
      state("departments", 1, 2),
      state("divisions", 1, 6),
      state("honours", 1, 3),
      state("licences", 1, 16, 3, 0, 0, 1),
      state("orders", 3, 15 + 31 + 1, 4 + 2, 1, 1),
      state("records", 1, 7, 2, 0, 1),
    ]);
  });

  test("checks that pass are kept as well as those that fail, with the rows at fault", async () => {
    const results = await rows(`
      SELECT check_id, source_id, severity, passed, failing_rows AS bad, message_en FROM checks.result
      WHERE run_id = $run AND check_id IN ('not-published', 'closed-before-received') ORDER BY check_id`);
    expect(results).toMatchObject([
      {
        check_id: "closed-before-received",
        source_id: "orders",
        severity: "stop",
        passed: true,
        bad: 0,
      },
      { check_id: "not-published", source_id: "licences", severity: "warn", passed: false, bad: 1 },
    ]);
    expect(results[1]?.message_en).toContain("1 licence(s) have no day of publication.");
    expect(
      await rows(
        `SELECT check_id, record_key, line, detail FROM checks.failing_row WHERE run_id = $run`,
      ),
    ).toEqual([{ check_id: "not-published", record_key: "XK-E5", line: 6, detail: "XK-E5" }]);
  });

  test("records keep the line they came from, and a record of two lines its first", async () => {
    expect(
      await rows(`
        SELECT record_key, line FROM core.complaint
        WHERE record_key IN ('T0302', 'T0303', 'T0613') ORDER BY record_key`),
    ).toEqual([
      { record_key: "T0302", line: 6 },
      { record_key: "T0303", line: 9 },
      { record_key: "T0613", line: 31 },
    ]);
  });

  test("of a record said twice one row stands, and the other is kept as its duplicate", async () => {
    const lines = await rows<{ line: number; what: string }>(`
      SELECT line, 'core' AS what FROM core.complaint WHERE record_key = 'T0301' UNION ALL
      SELECT line, outcome FROM core.sighting ORDER BY line`);
    expect(lines.map(({ line }) => line)).toEqual([5, 8]);
    expect(lines.map(({ what }) => what).sort()).toEqual(["core", "duplicate"]);
  });

  test("an order under a former code belongs to the body of today", async () => {
    expect(
      await rows(
        `SELECT record_key, entity_id FROM core.complaint WHERE record_key IN ('T0307', 'T0308') ORDER BY record_key`,
      ),
    ).toEqual([
      { record_key: "T0307", entity_id: NORTH },
      { record_key: "T0308", entity_id: NORTH },
    ]);
  });

  test("units, a four-byte character and a failing check character arrive", async () => {
    expect(
      await rows(`
        SELECT CAST(total_debt AS VARCHAR) AS debt FROM core.debt_position
        WHERE entity_id = '${EAST}' ORDER BY as_at`),
    ).toEqual([{ debt: "80000000.00" }, { debt: "100000000.00" }]);
    expect(
      await rows(`SELECT document_no, subject_name, flags FROM core.publicity_item
        WHERE list_contains(flags, 'uscc-check')`),
    ).toEqual([{ document_no: "XK-E2", subject_name: "㐂福乙公司", flags: ["uscc-check"] }]);
    expect(await rows(`SELECT population FROM core.entity WHERE entity_id = '${LAKE}'`)).toEqual([
      { population: 15_000 },
    ]);
  });

  test("names of persons appear in nothing after raw, in clear or as a pseudonym", async () => {
    const [counts] = await rows(`
      SELECT count(*) FILTER (WHERE caller_ref IS NULL) AS without, count(DISTINCT caller_ref) AS callers
      FROM known.complaint`);
    // Ten invented callers, 合成甲 to 合成癸.
    expect(counts).toEqual({ without: 0, callers: 10 });
    const refs = await rows<{ ref: string }>(`
      SELECT DISTINCT caller_ref AS ref FROM core.complaint UNION
      SELECT person_ref FROM core.dishonesty_record WHERE person_ref IS NOT NULL`);
    const published = Object.values(readTree(publishedFolder(result)))
      .map((base64) => Buffer.from(base64, "base64").toString())
      .join("\n");
    for (const text of ["合成某官员", "合成甲", "合成癸", ...refs.map(({ ref }) => ref)]) {
      expect(published.includes(text), text).toBe(false);
    }
  });
});

describe("§2 facts", () => {
  const PERIODS = ["2018-01", "2018-02", "2018-03", "2018-04", "2018-05", "2018-06"];

  async function facts(indicator: string, entity: string): Promise<string[]> {
    const found = await result.context.store.rows<Record<string, string | number | null>>(
      `SELECT c.period, v.state, CAST(CAST(v.numerator AS DOUBLE) AS VARCHAR) AS n, v.sample_size AS s, v.excluded AS x,
         CAST(CAST(v.denominator AS DOUBLE) AS VARCHAR) AS d, v.value
       FROM facts.run_computation c JOIN facts.value v USING (fingerprint)
       WHERE c.run_id = $run AND c.indicator_id = $indicator AND v.entity_id = $entity ORDER BY c.period`,
      { run: result.context.runId, indicator, entity },
    );
    expect(found.map(({ period }) => period)).toEqual(PERIODS);
    return found.map(({ state, n, d, s, x, value }) => {
      if (state === "not_applicable") return "–";
      if (state === "no_data") return "no data";
      const number = (text: string | number | null | undefined) => Number(text);
      const base = indicator.includes("median") ? `${value} of ${s}` : `${number(n)}/${number(d)}`;
      return `${base}${state === "too_few" ? "*" : ""}${x ? ` -${x}` : ""}`;
    });
  }

  test.each([
    [EAST, ["1/2", "1/2", "2/4", "4/5", "7/8", "8/10"]],
    [WEST, ["–", "–", "3/4", "4/5", "6/8", "3/5"]],
    [NORTH, ["–", "–", "0/2", "1/3", "2/4", "4/4 -1"]],
    [LAKE, ["0/1*", "0/1*", "0/1*", "1/1*", "2/2", "3/4"]],
    [HILL, ["–", "–", "0/1*", "0/1*", "1/2", "1/1*"]],
    [APPROVALS, ["–", "–", "–", "2/2", "2/2", "3/4"]],
    [FINANCE, ["–", "–", "–", "–", "2/2", "5/5"]],
  ])("closed on time of %s", async (entity, expected) => {
    expect(await facts("B2/closed-on-time", entity)).toEqual(expected);
  });

  test.each([
    [EAST, ["0/2", "0/2", "0/4", "0/5", "1/8", "1/10"]],
    [WEST, ["–", "–", "0/4", "0/5", "0/8", "1/5"]],
    [NORTH, ["–", "–", "0/2", "0/3", "0/4", "0/5"]],
    [FINANCE, ["–", "–", "–", "–", "0/2", "1/5"]],
  ])("made again of %s", async (entity, expected) => {
    expect(await facts("B2/repeat-share", entity)).toEqual(expected);
  });

  test.each([
    [EAST, ["no data", "–", "7 of 1", "4 of 3", "4 of 3", "4 of 3 -1"]],
    [WEST, ["no data", "–", "5 of 1", "5 of 1", "6 of 2", "6 of 2"]],
    [NORTH, ["no data", "6 of 1", "6 of 1", "6 of 1", "–", "–"]],
    [APPROVALS, ["no data", "–", "–", "–", "2 of 1", "1 of 3"]],
    [FINANCE, ["no data", "–", "–", "–", "–", "2 of 1"]],
  ])("median delay of %s", async (entity, expected) => {
    expect(await facts("A1/publication-delay-median", entity)).toEqual(expected);
  });

  test.each([
    [EAST, "80000000/100000000", "100000000/100000000"],
    [WEST, "120000000/100000000", "120000000/100000000"],
    [NORTH, "–", "40000000/100000000"],
  ])("debt of %s", async (entity, before, june) => {
    const expected = ["no data", "no data", before, before, before, june];
    expect(await facts("C5/debt-ratio", entity)).toEqual(expected);
  });
});

const SCORES = `SELECT entity_id, score FROM scores.rank WHERE run_id = $run AND state = 'ranked'`;

async function expectScores(period: string, expected: Record<string, number>, run = result) {
  const found = await rows<{ entity_id: string; score: number }>(
    `${SCORES} AND period = '${period}' ORDER BY entity_id`,
    run,
  );
  expect(found.map(({ entity_id }) => entity_id)).toEqual(Object.keys(expected).sort(byText));
  for (const { entity_id, score } of found) {
    // Points stand on a grid of 2^-40, so ten decimals are within the rounding of at most a dozen parts.
    expect(score, entity_id).toBeCloseTo(expected[entity_id] as number, 10);
  }
}

const byText = (a: string, b: string) => (a < b ? -1 : 1);

describe("§4-6 scores", () => {
  test("June", () =>
    expectScores("2018-06", {
      [EAST]: 51.5,
      [WEST]: 24.6,
      [NORTH]: 100,
      [APPROVALS]: 85,
      [FINANCE]: 85,
      [LAKE]: 75,
    }));

  test("May", () =>
    expectScores("2018-05", {
      [EAST]: 66.125,
      [WEST]: 50.1,
      [NORTH]: 51,
      [APPROVALS]: 100,
      [FINANCE]: 100,
      [LAKE]: 100,
      [HILL]: 50,
    }));

  test("January to April", async () => {
    await expectScores("2018-01", { [EAST]: 51 });
    await expectScores("2018-02", { [EAST]: 51, [NORTH]: 28 });
    await expectScores("2018-03", {
      [EAST]: 30 + 0.4 * Math.sqrt(10 * 100) + 1,
      [WEST]: 45 + 0.4 * Math.sqrt(46 * 7) - 2,
      [NORTH]: 41.2,
    });
    await expectScores("2018-04", {
      [EAST]: 81,
      [WEST]: 48 + 0.4 * Math.sqrt(46 * 7) - 1,
      [NORTH]: 42.2,
      [APPROVALS]: 100,
    });
  });

  test("normalised scores of June", async () => {
    const found = await rows<{ node_id: string; entity_id: string; state: string; score: number }>(
      `SELECT node_id, entity_id, state, score FROM scores.node WHERE run_id = $run AND period = '2018-06'`,
    );
    const node = (entity: string, id: string) => {
      const row = found.find(({ node_id, entity_id }) => node_id === id && entity_id === entity);
      return row?.score ?? row?.state;
    };
    const of = (entity: string) =>
      [
        "B2/closed-on-time",
        "B2/repeat-share",
        "service",
        "A1/publication-delay-median",
        "C5/debt-ratio",
        "trust",
      ].map((id) => {
        const score = node(entity, id);
        return typeof score === "number" ? Number(score.toFixed(9)) : score;
      });
    expect(of(EAST)).toEqual([60, 75, 67.5, 64, 25, 40]);
    expect(of(WEST)).toEqual([20, 50, 35, 28, 0, 14]);
    expect(of(NORTH)).toEqual([100, 100, 100, "not_applicable", 100, 100]);
    expect(of(APPROVALS)).toEqual([50, 100, 75, 100, undefined, 100]);
    expect(of(FINANCE)).toEqual([100, 50, 75, 100, undefined, 100]);
    expect(of(LAKE)).toEqual([50, 100, 75, undefined, undefined, undefined]);
    expect(of(HILL).slice(0, 3)).toEqual(["too_few", "too_few", "no_data"]);
  });

  test("weights of what is missing go to the siblings", async () => {
    const weights = await rows(`
      SELECT period, node_id, round(nominal_weight, 12) AS nominal, round(effective_weight, 12) AS effective
      FROM scores.node
      WHERE run_id = $run AND entity_id = '${NORTH}' AND period IN ('2018-05', '2018-06')
        AND node_level = 'indicator' ORDER BY period, node_id`);
    expect(weights).toEqual([
      { period: "2018-05", node_id: "A1/publication-delay-median", nominal: 0.2, effective: null },
      { period: "2018-05", node_id: "B2/closed-on-time", nominal: 0.3, effective: 0.5 },
      { period: "2018-05", node_id: "B2/repeat-share", nominal: 0.3, effective: 0.5 },
      { period: "2018-05", node_id: "C5/debt-ratio", nominal: 0.2, effective: null },
      { period: "2018-06", node_id: "A1/publication-delay-median", nominal: 0.2, effective: null },
      { period: "2018-06", node_id: "B2/closed-on-time", nominal: 0.3, effective: 0.3 },
      { period: "2018-06", node_id: "B2/repeat-share", nominal: 0.3, effective: 0.3 },
      { period: "2018-06", node_id: "C5/debt-ratio", nominal: 0.2, effective: 0.4 },
    ]);
  });

  test("coverage", async () => {
    const found = await rows(`
      SELECT period, round(coverage, 12) AS coverage FROM scores.rank
      WHERE run_id = $run AND entity_id = '${EAST}' ORDER BY period`);
    expect(found.map(({ coverage }) => coverage)).toEqual([0.6, 0.75, 1, 1, 1, 1]);
  });

  test("ranks, shared ranks, grades at a band's edge, the veto's cap, and movement", async () => {
    const found = await rows(`
      SELECT entity_id, state, rank, ranked_of AS of, grade, grade_before_veto AS free, vetoed_by AS veto,
        rank_previous AS before, round(score_previous, 9) AS score_before, score_last_year AS year_ago
      FROM scores.rank WHERE run_id = $run AND period = '2018-06' ORDER BY level, peer_class, rank, entity_id`);
    const row = (
      entity_id: string,
      rank: number,
      of: number,
      grade: string,
      before: number,
      score_before: number,
      veto: { free: string | null; veto: string | null } = { free: grade, veto: null },
    ) => ({
      entity_id,
      state: "ranked",
      rank,
      of,
      grade,
      ...veto,
      before,
      score_before,
      year_ago: null,
    });
    const byEntity = Object.fromEntries(found.map((line) => [line.entity_id, line]));
    expect(byEntity[APPROVALS]).toMatchObject(row(APPROVALS, 1, 2, "A", 1, 100));
    expect(byEntity[FINANCE]).toMatchObject(row(FINANCE, 1, 2, "A", 1, 100));
    expect(byEntity[NORTH]).toMatchObject(
      row(NORTH, 1, 3, "C", 2, 51, { free: "A", veto: "debtor" }),
    );
    expect(byEntity[EAST]).toMatchObject(row(EAST, 2, 3, "C", 1, 66.125));
    expect(byEntity[WEST]).toMatchObject(row(WEST, 3, 3, "D", 3, 50.1));
    expect(byEntity[LAKE]).toMatchObject(row(LAKE, 1, 1, "B", 1, 100));
    expect(byEntity[HILL]).toMatchObject({ state: "not_ranked", rank: null, grade: null });
    expect(found).toHaveLength(7);
  });
});

type Points = { kind: string; node_id: string; points: number };

async function contributions(entity: string, period = "2018-06", run = result) {
  const found = await rows<Points>(
    `SELECT kind, node_id, points FROM scores.contribution
     WHERE run_id = $run AND period = '${period}' AND entity_id = '${entity}' AND points <> 0 ORDER BY kind, node_id`,
    run,
  );
  return Object.fromEntries(
    found.map(({ kind, node_id, points }) => [`${kind} ${node_id}`, points]),
  );
}

const ln = Math.log;
const CLOSED = "indicator B2/closed-on-time";
const AGAIN = "indicator B2/repeat-share";
const DELAY = "indicator A1/publication-delay-median";
const DEBT = "indicator C5/debt-ratio";

function expectPoints(found: Record<string, number>, expected: Record<string, number>) {
  expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, points] of Object.entries(expected)) {
    expect(found[name], name).toBeCloseTo(points, 9);
  }
}

describe("§4 contributions", () => {
  test("of East Lake in June", async () => {
    const whole = ln(100 / 64) + ln(100 / 25);
    expectPoints(await contributions(EAST), {
      [CLOSED]: 18,
      [AGAIN]: 22.5,
      [DELAY]: 20 - (0.4 * 60 * ln(100 / 64)) / whole,
      [DEBT]: 20 - (0.4 * 60 * ln(100 / 25)) / whole,
      "deduction dishonesty": -5,
    });
  });

  test("of West Hill in June", async () => {
    const whole = ln(100 / 28) + ln(100 / 7);
    expectPoints(await contributions(WEST), {
      [CLOSED]: 6,
      [AGAIN]: 15,
      [DELAY]: 20 - (0.4 * 86 * ln(100 / 28)) / whole,
      [DEBT]: 20 - (0.4 * 86 * ln(100 / 7)) / whole,
      "deduction dishonesty": -2,
    });
  });

  test("of North Harbour in June, cut at both limits", async () => {
    expectPoints(await contributions(NORTH), {
      [CLOSED]: 30,
      [AGAIN]: 30,
      [DEBT]: 40,
      "bonus honours": 4,
      "limit honours": -1,
      "limit maximum": -3,
    });
  });

  test("of East Lake in May", async () => {
    expectPoints(await contributions(EAST, "2018-05"), {
      [CLOSED]: 22.5,
      [AGAIN]: 20.625,
      [DELAY]: 12,
      [DEBT]: 20,
      "deduction dishonesty": -10,
      "bonus honours": 1,
    });
  });

  test("sum to every score exactly, and their differences to every movement", async () => {
    const [count] = await rows(`
      SELECT count(*) AS ranked, count(*) FILTER (WHERE c.points IS DISTINCT FROM r.score) AS wrong
      FROM scores.rank r LEFT JOIN (
        SELECT run_id, period, entity_id, sum(points) AS points FROM scores.contribution GROUP BY ALL) c
        USING (run_id, period, entity_id)
      WHERE r.run_id = $run AND r.state = 'ranked'`);
    // Jan 1, Feb 2, Mar 3, Apr 4, May 7, Jun 6.
    expect(count).toEqual({ ranked: 23, wrong: 0 });
    const june = await contributions(EAST);
    const may = await contributions(EAST, "2018-05");
    const names = [...new Set([...Object.keys(june), ...Object.keys(may)])];
    const moved = names.reduce((sum, name) => sum + (june[name] ?? 0) - (may[name] ?? 0), 0);
    const [scores] = await rows<{ moved: number }>(`
      SELECT score - score_previous AS moved FROM scores.rank
      WHERE run_id = $run AND period = '2018-06' AND entity_id = '${EAST}'`);
    expect(moved).toBe(scores?.moved);
    expect(moved).toBeCloseTo(-14.625, 10);
  });

  test("the points lost on closing go to the category of the late orders, those of a record to its line", async () => {
    const details = await rows(`
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

  test("details sum to their contribution exactly", async () => {
    const wrong = await rows(`
      SELECT c.period, c.entity_id, c.kind, c.node_id, c.points, d.points AS detailed
      FROM scores.contribution c LEFT JOIN (
        SELECT run_id, period, entity_id, kind, node_id, sum(points) AS points
        FROM scores.contribution_detail GROUP BY ALL) d USING (run_id, period, entity_id, kind, node_id)
      WHERE c.run_id = $run AND c.points <> coalesce(d.points, 0)`);
    expect(wrong).toEqual([]);
  });
});

describe("§7 the correction", () => {
  test("restates June", async () => {
    await expectScores(
      "2018-06",
      { [EAST]: 51.5, [WEST]: 24.6, [NORTH]: 88, [APPROVALS]: 85, [FINANCE]: 85, [LAKE]: 75 },
      corrected,
    );
    expectPoints(await contributions(NORTH, "2018-06", corrected), {
      [CLOSED]: 15,
      [AGAIN]: 30,
      [DEBT]: 40,
      "bonus honours": 4,
      "limit honours": -1,
    });
    expect(
      await rows(
        `SELECT rank, grade, grade_before_veto FROM scores.rank
         WHERE run_id = $run AND period = '2018-06' AND entity_id = '${NORTH}'`,
        corrected,
      ),
    ).toEqual([{ rank: 1, grade: "C", grade_before_veto: "A" }]);
  });

  test("is another run, and the runs stand side by side", async () => {
    expect(corrected.context.runId).not.toBe(result.context.runId);
    expect(Object.keys(readTree(publishedFolder(corrected))).length).toBeGreaterThan(3);
    expect(Object.keys(readTree(publishedFolder(result))).length).toBeGreaterThan(3);
  });
});
