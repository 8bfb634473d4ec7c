import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import exceljs from "exceljs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Asked, askTinyCity, EAST, LAKE, NORTH } from "./tiny-answers.ts";
import { readTree, removeFolders, TINY_CITY } from "./tiny-workspace.ts";

// Every number is worked out in tests/fixtures/tiny-city/WORKED.md, under the section named.

let asked: Asked;

beforeAll(async () => {
  asked = await askTinyCity();
});

afterAll(() => {
  asked?.close();
  removeFolders();
});

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
      await asked.rows(`
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
    const found = await asked.rows(`
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
    const states = await asked.rows(`
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
      // The correction of 15 July is not known yet.
      state("orders", 2, 15 + 31, 4 + 2, 1),
      state("records", 1, 7, 2, 0, 1),
    ]);
  });

  test("checks that pass are kept as well as those that fail, with the rows at fault", async () => {
    const results = await asked.rows(`
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
      await asked.rows(
        `SELECT check_id, record_key, line, detail FROM checks.failing_row WHERE run_id = $run`,
      ),
    ).toEqual([{ check_id: "not-published", record_key: "XK-E5", line: 6, detail: "XK-E5" }]);
  });

  test("records keep the line they came from, and a record of two lines its first", async () => {
    expect(
      await asked.rows(`
        SELECT record_key, line FROM core.complaint
        WHERE record_key IN ('T0302', 'T0303', 'T0613') ORDER BY record_key`),
    ).toEqual([
      { record_key: "T0302", line: 6 },
      { record_key: "T0303", line: 9 },
      { record_key: "T0613", line: 31 },
    ]);
  });

  test("of a record said twice one row stands, and the other is kept as its duplicate", async () => {
    const lines = await asked.rows<{ line: number; what: string }>(`
      SELECT line, 'core' AS what FROM core.complaint WHERE record_key = 'T0301' UNION ALL
      SELECT line, outcome FROM core.sighting ORDER BY line`);
    expect(lines.map(({ line }) => line)).toEqual([5, 8]);
    expect(lines.map(({ what }) => what).sort()).toEqual(["core", "duplicate"]);
  });

  test("an order under a former code belongs to the body of today", async () => {
    expect(
      await asked.rows(
        `SELECT record_key, entity_id FROM core.complaint WHERE record_key IN ('T0307', 'T0308') ORDER BY record_key`,
      ),
    ).toEqual([
      { record_key: "T0307", entity_id: NORTH },
      { record_key: "T0308", entity_id: NORTH },
    ]);
  });

  test("units, a four-byte character and a failing check character arrive", async () => {
    expect(
      await asked.rows(`
        SELECT CAST(total_debt AS VARCHAR) AS debt FROM core.debt_position
        WHERE entity_id = '${EAST}' ORDER BY as_at`),
    ).toEqual([{ debt: "80000000.00" }, { debt: "100000000.00" }]);
    expect(
      await asked.rows(`SELECT document_no, subject_name, flags FROM core.publicity_item
        WHERE list_contains(flags, 'uscc-check')`),
    ).toEqual([{ document_no: "XK-E2", subject_name: "㐂福乙公司", flags: ["uscc-check"] }]);
    expect(
      await asked.rows(`SELECT population FROM core.entity WHERE entity_id = '${LAKE}'`),
    ).toEqual([{ population: 15_000 }]);
  });

  test("names of persons appear in nothing after raw, in clear or as a pseudonym", async () => {
    const [counts] = await asked.rows(`
      SELECT count(*) FILTER (WHERE caller_ref IS NULL) AS without, count(DISTINCT caller_ref) AS callers
      FROM known.complaint`);
    // Ten invented callers, 合成甲 to 合成癸.
    expect(counts).toEqual({ without: 0, callers: 10 });
    const refs = await asked.rows<{ ref: string }>(`
      SELECT DISTINCT caller_ref AS ref FROM core.complaint UNION
      SELECT person_ref FROM core.dishonesty_record WHERE person_ref IS NOT NULL`);
    const published = Object.values(readTree(asked.published))
      .map((base64) => Buffer.from(base64, "base64").toString())
      .join("\n");
    for (const text of ["合成某官员", "合成甲", "合成癸", ...refs.map(({ ref }) => ref)]) {
      expect(published.includes(text), text).toBe(false);
    }
  });
});
