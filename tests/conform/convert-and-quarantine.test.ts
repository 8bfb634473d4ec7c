import { createHmac } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { type Bench, openBench, PSEUDONYM_KEY } from "./fixture.ts";
import { BODIES, DISTRICTS, PENALTIES, penalty } from "./sources.ts";

let bench: Bench;
afterEach(() => bench.close());

async function conformPenalties(
  rows: readonly Record<string, string | null>[],
  definition = PENALTIES,
) {
  bench = await openBench([BODIES, definition]);
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  await bench.deliver("penalties", "p.csv", rows);
  return bench.conform();
}

test("a good row: unit, date forms, blanks, code, flag, provenance", async () => {
  const outcome = await conformPenalties([
    penalty({
      CF_CFJGDM: " 370202　",
      CF_XDR_LB: "自然人",
      CF_XDR_SHXYM: "91350100M000100Y4Z",
      CF_XDR_ZJHM: "37020219900101123x",
      CF_JDRQ: "2018年1月5日",
      GS_RQ: "-",
      CF_NR_FK: "0.2",
      SJ: "20180106",
      CF_FRDB: "张三",
    }),
  ]);
  expect(outcome.counts).toMatchObject({ files: 2, rows: 3, quarantined: 0 });
  expect(await bench.rows("SELECT * FROM core.publicity_item")).toMatchObject([
    {
      record_key: "370202|1号",
      entity_id: "370202",
      subject_kind: "person",
      decided_on: "2018-01-05",
      published_on: null,
      fine_amount: "2000.00",
      valid_from: "2018-01-05",
      valid_to: null,
      known_from: "2018-01-06 00:00:00",
      known_to: null,
      flags: ["uscc-check"],
      line: 2,
      source_id: "penalties",
    },
  ]);
});

test("a number delivered behind the mark of a pseudonym becomes a keyed pseudonym as any other", async () => {
  const delivered = "pseudonym:37020219900101123x";
  await conformPenalties([penalty({ CF_XDR_LB: "自然人", CF_XDR_ZJHM: delivered })]);
  const ref = createHmac("sha256", PSEUDONYM_KEY)
    .update(delivered.toUpperCase())
    .digest("hex")
    .slice(0, 32);
  expect(await bench.rows("SELECT person_ref FROM core.publicity_item")).toEqual([
    { person_ref: ref },
  ]);
});

test("a person becomes a keyed pseudonym; name and number stand in the restricted table only", async () => {
  await conformPenalties([
    penalty({ CF_XDR_LB: "自然人", CF_XDR_ZJHM: "37020219900101123x", CF_FRDB: "张三" }),
  ]);
  const ref = createHmac("sha256", PSEUDONYM_KEY)
    .update("37020219900101123X")
    .digest("hex")
    .slice(0, 32);
  expect(await bench.rows("SELECT person_ref FROM core.publicity_item")).toEqual([
    { person_ref: ref },
  ]);
  expect(await bench.rows("SELECT * FROM restricted.person ORDER BY field")).toEqual([
    {
      person_ref: ref,
      role: "subject",
      field: "id_number",
      value: "37020219900101123x",
      source_id: "penalties",
      retained_until: "2020-03-06",
    },
    {
      person_ref: ref,
      role: "subject",
      field: "name",
      value: "张三",
      source_id: "penalties",
      retained_until: "2020-03-06",
    },
  ]);
});

test("personal values are deleted when their retention has ended", async () => {
  bench = await openBench([BODIES, PENALTIES], { asOf: "2020-03-07 00:00:00" });
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  await bench.deliver("penalties", "p.csv", [
    penalty({ CF_WSH: "1号", CF_XDR_ZJHM: "11", SJ: "2018-03-06" }),
    penalty({ CF_WSH: "2号", CF_XDR_ZJHM: "22", SJ: "2018-03-07" }),
  ]);
  await bench.conform();
  expect(await bench.rows("SELECT value FROM restricted.person")).toEqual([{ value: "22" }]);
});

describe("bad rows go to quarantine with reason, column, value and sentences", () => {
  const cases = [
    ["missing", "CF_WSH", { CF_WSH: "  " }, ""],
    ["bad-date", "CF_JDRQ", { CF_JDRQ: "2018-02-30" }, "2018-02-30"],
    ["bad-date", "GS_RQ", { GS_RQ: "昨天" }, "昨天"],
    ["bad-date", "SJ", { SJ: "infinity" }, "infinity"],
    ["bad-number", "CF_NR_FK", { CF_NR_FK: "二千" }, "二千"],
    ["unclear-number", "CF_NR_FK", { CF_NR_FK: "1,23" }, "1,23"],
    ["unclear-unit", "CF_NR_FK", { CF_NR_FK: "12万" }, "12万"],
    ["unclear-unit", "CF_NR_FK", { CF_NR_FK: "12%" }, "12%"],
    ["unclear-date", "CF_JDRQ", { CF_JDRQ: "01/02/2018" }, "01/02/2018"],
    ["unclear-date", "CF_JDRQ", { CF_JDRQ: "2018年1月" }, "2018年1月"],
    ["unknown-code", "CF_XDR_LB", { CF_XDR_LB: "外星人" }, "外星人"],
    ["unknown-entity", "CF_CFJGDM", { CF_CFJGDM: "999999" }, "999999"],
    ["out-of-range", "CF_JDRQ", { CF_JDRQ: "2019-01-01" }, "2019-01-01"],
    ["out-of-range", "CF_NR_FK", { CF_NR_FK: "-0.0001" }, "-0.0001"],
    ["missing", "SJ", { SJ: null }, ""],
  ] as const;
  test.each(cases)("%s in %s", async (reason, column, change, value) => {
    const outcome = await conformPenalties([penalty(change), penalty({ CF_WSH: "good" })]);
    expect(outcome.counts).toMatchObject({ quarantined: 1 });
    const rows = await bench.rows<Record<string, string>>("SELECT * FROM quarantine.row");
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ source_id: "penalties", line: 2, column_name: column, reason });
    expect(rows[0]?.value ?? "").toBe(value);
    expect(rows[0]?.message_zh).toContain(column);
    expect(rows[0]?.message_en).toContain(column);
    expect(rows[0]?.message_en).not.toMatch(/[{}]/);
    expect(await bench.rows("SELECT document_no FROM core.publicity_item")).toEqual([
      { document_no: "good" },
    ]);
  });

  test("several faults of a row are several entries, but one row", async () => {
    const outcome = await conformPenalties([
      penalty({ CF_JDRQ: "x", CF_NR_FK: "y", CF_XDR_LB: "z" }),
    ]);
    expect(outcome.counts).toMatchObject({ quarantined: 1, rows: 2 });
    expect(
      await bench.rows("SELECT column_name, reason FROM quarantine.row ORDER BY column_name"),
    ).toEqual([
      { column_name: "CF_JDRQ", reason: "bad-date" },
      { column_name: "CF_NR_FK", reason: "bad-number" },
      { column_name: "CF_XDR_LB", reason: "unknown-code" },
    ]);
  });

  test("a personal value is masked", async () => {
    await conformPenalties(
      [penalty({ CF_FRDB: "secret" })],
      PENALTIES.replace("{ from: GS_RQ", "{ from: CF_FRDB"),
    );
    expect(
      await bench.rows("SELECT reason, value, message_zh, message_en FROM quarantine.row"),
    ).toEqual([
      {
        reason: "bad-date",
        value: "***",
        message_zh: expect.not.stringContaining("secret"),
        message_en: expect.not.stringContaining("secret"),
      },
    ]);
  });
});

test("a name goes to core only where it is an organisation's", async () => {
  await conformPenalties(
    [
      penalty({ CF_WSH: "1", MC: "某公司" }),
      penalty({ CF_WSH: "2", MC: "李四", CF_XDR_LB: "自然人" }),
    ],
    PENALTIES.replace(
      "  decided_on:",
      "  subject_name: { from: MC, when: { CF_XDR_LB: [法人] } }\n  decided_on:",
    ),
  );
  expect(
    await bench.rows("SELECT subject_name FROM core.publicity_item ORDER BY document_no"),
  ).toEqual([{ subject_name: "某公司" }, { subject_name: null }]);
});

describe("a value outside the code list", () => {
  const policy = (unknown: string) =>
    PENALTIES.replace("自然人: person }", `自然人: person }, unknown: ${unknown}`);
  test.each([
    ["drop", null],
    ["keep", "外星人"],
  ])("%s", async (unknown, value) => {
    await conformPenalties([penalty({ CF_XDR_LB: "外星人" })], policy(unknown));
    expect(await bench.rows("SELECT subject_kind, flags FROM core.publicity_item")).toEqual([
      { subject_kind: value, flags: ["unknown-code:subject_kind"] },
    ]);
  });
});

test("rows that are not for this kind are counted, not quarantined", async () => {
  const outcome = await conformPenalties(
    [
      penalty({ CF_WSH: "1" }),
      penalty({ CF_WSH: "2", CF_XDR_LB: "x" }),
      penalty({ CF_WSH: "3", GS_RQ: "" }),
    ],
    `${PENALTIES}\nonly: { CF_XDR_LB: [法人] }\nexcept: { GS_RQ: [""] }\n`,
  );
  expect(outcome.counts).toMatchObject({ skipped: 2, quarantined: 0 });
  expect(await bench.rows("SELECT document_no FROM core.publicity_item")).toEqual([
    { document_no: "1" },
  ]);
});

test("numbers are exact with every unit and form", async () => {
  bench = await openBench([]);
  const { convertText } = await import("../../src/conform/convert.ts");
  const cases: [string, string, string, string | number | null][] = [
    ["0.2", "DECIMAL(18,2)", "万元", "2000.00"],
    ["1.00000001", "DECIMAL(24,2)", "亿元", "100000001.00"],
    ["1,234,567.89", "DECIMAL(18,2)", "元", "1234567.89"],
    ["1.6992000000000000e+04", "BIGINT", "人", 16992],
    ["3.1415", "BIGINT", "万人", 31415],
    ["3.14155", "BIGINT", "人", null],
    ["12", "DECIMAL(9,4)", "%", "0.1200"],
    ["0.005", "DECIMAL(18,2)", "元", "0.01"],
    ["1_000", "DECIMAL(18,2)", "元", null],
    ["99999999999999999999", "DECIMAL(24,2)", "亿元", null],
    ["NaN", "DECIMAL(18,2)", "元", null],
  ];
  for (const [text, type, unit, expected] of cases) {
    const row = await bench.context.store.row<{ v: unknown }>(
      `SELECT ${convertText("x", type, { unit, zone: "Asia/Shanghai" })} AS v FROM (SELECT CAST($text AS VARCHAR) AS x)`,
      { text },
    );
    expect([text, row?.v]).toEqual([text, expected]);
  }
});

test("times keep the clock time as written, unless they say how far it is from UTC", async () => {
  bench = await openBench([]);
  const { convertText } = await import("../../src/conform/convert.ts");
  const cases: [string, string | null][] = [
    ["2018-01-05", "2018-01-05 00:00:00"],
    ["2018/1/5", "2018-01-05 00:00:00"],
    ["20180105", "2018-01-05 00:00:00"],
    ["2018年1月5日", "2018-01-05 00:00:00"],
    ["2018年1月5日 9:03", "2018-01-05 09:03:00"],
    ["2018-01-05T10:20:30+08:00", "2018-01-05 10:20:30"],
    ["2018-01-05T10:20:30Z", "2018-01-05 18:20:30"],
    ["2018/1/5 9:03", "2018-01-05 09:03:00"],
    ["2018-13-01", null],
    ["2018115", null],
    ["2018-01-05 (BC)", null],
    ["epoch", null],
    ["infinity", null],
    ["43105", null],
  ];
  for (const [text, expected] of cases) {
    const row = await bench.context.store.row<{ v: unknown }>(
      `SELECT ${convertText("x", "TIMESTAMP", { zone: "Asia/Shanghai" })} AS v FROM (SELECT CAST($text AS VARCHAR) AS x)`,
      { text },
    );
    expect([text, row?.v]).toEqual([text, expected]);
  }
});
