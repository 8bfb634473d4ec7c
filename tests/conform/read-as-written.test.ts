import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type Bench, openBench } from "./fixture.ts";
import { BODIES, DISTRICTS } from "./sources.ts";

let bench: Bench;
afterEach(() => bench.close());

const DOCS = readFileSync(join(import.meta.dirname, "../../docs/sources.md"), "utf8");

/** A block of the documentation's example of times and numbers in text. */
function example(language: string): string {
  const page = DOCS.slice(DOCS.indexOf("Example 9"));
  return new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] as string;
}

test("the documented register is read as documented", async () => {
  const [head = [], ...lines] = example("csv")
    .trim()
    .split("\n")
    .map((line) =>
      [...line.matchAll(/"([^"]*)"|([^,]+)/g)].map(([, quoted, bare]) => quoted ?? bare),
    );
  const rows = lines.map((cells) =>
    Object.fromEntries(cells.map((cell, at) => [head[at] as string, cell as string])),
  );
  bench = await openBench([BODIES, example("yaml")]);
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  await bench.deliver("register", "r.csv", rows);
  await bench.conform();
  expect(
    await bench.rows(
      "SELECT record_key, signed_on, amount, paid_on, flags FROM core.contract ORDER BY record_key",
    ),
  ).toEqual([
    { record_key: "1", signed_on: "2018-06-05", amount: "12345000.00", paid_on: null, flags: null },
    {
      record_key: "2",
      signed_on: "2018-06-03",
      amount: "320000000.00",
      paid_on: null,
      flags: null,
    },
    {
      record_key: "3",
      signed_on: "2018-06-01",
      amount: "125000.00",
      paid_on: "2018-06-30",
      flags: null,
    },
    { record_key: "4", signed_on: "2018-05-01", amount: "20000.00", paid_on: null, flags: null },
  ]);
  const faults = await bench.rows<Record<string, string>>(
    "SELECT line, column_name, reason, message_en FROM quarantine.row ORDER BY line",
  );
  expect(faults).toMatchObject([
    { line: 6, column_name: "金额", reason: "unclear-unit" },
    { line: 7, column_name: "签订日期", reason: "unclear-date" },
  ]);
  expect(faults[1]?.message_en).toContain("excel_serial");
});

const FIGURES = `source: figures
title: { zh: 数字, en: Figures }
owner: { zh: 某局, en: Some bureau }
connector: { type: folder, path: x }
format: { type: csv }
kind: observation
key: [entity_id, measure, as_at]
valid: { from: as_at }
known_at: { column: known }
columns:
  entity_id: { from: body, entity: [gb2260] }
  measure: { from: measure }
  as_at: { from: day }
  value: { from: value }
expectations: { quarantine_share: 1 }
`;

const figure = (measure: string, value: string) => ({
  body: "370202",
  measure,
  day: "2018-06-30",
  value,
  known: "2018-07-01T20:00:00Z",
});

test("figures keep their digits, one that cannot be held is set aside, and a known time has an offset", async () => {
  bench = await openBench([BODIES, FIGURES]);
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  await bench.deliver("figures", "f.csv", [
    figure("a", "0.00000000000000001000"),
    figure("b", "5.1000000000000005"),
    figure("c", "1e400"),
    figure("d", "10000000000000"),
  ]);
  await bench.conform();
  expect(
    await bench.rows("SELECT measure, value, known_from FROM core.observation ORDER BY measure"),
  ).toEqual([
    { measure: "a", value: 1e-17, known_from: "2018-07-02 04:00:00" },
    { measure: "b", value: 5.1000000000000005, known_from: "2018-07-02 04:00:00" },
    { measure: "d", value: 1e13, known_from: "2018-07-02 04:00:00" },
  ]);
  expect(await bench.rows("SELECT line, column_name, value, reason FROM quarantine.row")).toEqual([
    { line: 4, column_name: "value", value: "1e400", reason: "bad-number" },
  ]);
});

const PAYMENTS = `source: payments
title: { zh: 付款, en: Payments }
owner: { zh: 某局, en: Some bureau }
connector: { type: folder, path: x }
format: { type: csv }
kind: contract
key: [record_key]
valid: { from: signed_on }
known_at: receipt
columns:
  record_key: { from: no }
  entity_id: { from: body, entity: [gb2260] }
  kind: { value: procurement }
  signed_on: { value: 2018-06-01 }
  paid_on: { from: day }
expectations: { quarantine_share: 1 }
`;

test("years that can hardly be meant are flagged, unless the source has bounds of its own", async () => {
  const days = ["1899-06-30", "0018-06-30", "2108-06-30", "1949-01-01", "2099-12-31", "9999-12-31"];
  const rows = days.map((day, at) => ({ no: String(at), body: "370202", day }));
  const bounded = PAYMENTS.replace("source: payments", "source: bounded").replace(
    "paid_on: { from: day }",
    "paid_on: { from: day, min: 1900-01-01, max: 2200-01-01 }",
  );
  bench = await openBench([BODIES, PAYMENTS, bounded]);
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  await bench.deliver("payments", "f.csv", rows);
  await bench.deliver("bounded", "f.csv", rows);
  await bench.conform();
  const flags = (source: string) =>
    bench.rows(
      `SELECT record_key, flags FROM core.contract WHERE source_id = '${source}' ORDER BY record_key`,
    );
  const odd = ["odd-year:paid_on"];
  expect(await flags("payments")).toEqual(
    [odd, odd, odd, null, null, null].map((each, at) => ({ record_key: String(at), flags: each })),
  );
  expect(await flags("bounded")).toEqual(
    ["2", "3", "4"].map((record_key) => ({ record_key, flags: null })),
  );
  expect(await bench.rows("SELECT line, reason FROM quarantine.row ORDER BY line")).toEqual(
    [2, 3, 7].map((line) => ({ line, reason: "out-of-range" })),
  );
});
