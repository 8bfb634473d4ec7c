import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { readSource } from "../../src/standard/source-definition.ts";
import { walkRecord } from "../../src/standard/walk-record.ts";
import { type Bench, openBench } from "./fixture.ts";
import { BODIES } from "./sources.ts";

const SOURCES = join(import.meta.dirname, "../../pipelines/sources/qingdao");

let bench: Bench | undefined;
afterEach(() => {
  bench?.close();
  bench = undefined;
});

/** The bundled definition, but for records that are not compiled first. */
const procurement = () =>
  readFileSync(join(SOURCES, "procurement-ocds.yaml"), "utf8")
    .replace("type: ocds", "type: json, records: [releases, contracts]")
    .replace("key: [project_no, record_key]", "key: [record_key]");

const BUYER = { id: "370202", name: "市南区", uscc: "113700000045030270" };

/** Two lots of one tender. Awards, documents, milestones and payments stand in no order. */
const RELEASE = {
  ocid: "ocds-1",
  date: "2018-09-01T00:00:00+08:00",
  buyer: { id: BUYER.uscc },
  tender: { title: "两个标段", enquiries: [{ date: "2018-01-09", dateAnswered: "2018-01-12" }] },
  awards: [
    {
      id: "A2",
      date: "2018-01-20",
      suppliers: [{ id: "113700000045022274", name: "乙公司", scale: "large" }],
      documents: [
        { documentType: "contractNotice", datePublished: "2017-12-01" },
        { documentType: "awardNotice", datePublished: "2018-01-25" },
      ],
    },
    {
      id: "A1",
      date: "2018-01-10",
      suppliers: [{ id: "11370000004504927A", name: "甲公司", scale: "micro" }],
      documents: [{ documentType: "awardNotice", datePublished: "2018-01-11" }],
    },
  ],
  contracts: [
    {
      id: "C1",
      awardID: "A1",
      value: { amount: 1000.3 },
      dateSigned: "2018-02-01",
      agreedPaymentDays: 30,
      documents: [
        { documentType: "contractFiled", datePublished: "2018-02-08" },
        { documentType: "contractSigned", datePublished: "2018-02-06" },
        { documentType: "contractSigned", datePublished: "2018-02-03" },
      ],
      milestones: [
        { type: "delivery", dateMet: "2018-03-05" },
        { type: "delivery", dateMet: "2018-04-05" },
        { type: "approval", dateMet: "2018-06-01" },
      ],
      implementation: {
        transactions: [
          { date: "2018-04-20", value: { amount: 900.2 } },
          { date: "2018-03-20", value: { amount: 100.1 } },
        ],
      },
    },
    {
      id: "C2",
      awardID: "A2",
      value: { amount: 500 },
      dateSigned: "2018-02-02",
      documents: [{ documentType: "contractSigned", datePublished: "2018-02-04" }],
      implementation: {
        transactions: [
          { date: "2018-05-01", value: { amount: 120 } },
          { date: "2018-05-09", value: { amount: 80.5 } },
        ],
      },
    },
  ],
};

/** The rows pull makes of a release. */
const rowsOf = (release: object) =>
  [...walkRecord(release, ["contracts"])].map((row) => ({ json: JSON.stringify(row) }));

const CONTENT = `record_key, CAST(amount AS VARCHAR) AS amount, award_notice_on, award_published_on, signed_on,
  contract_published_on, filed_on, challenge_received_on, delivered_on, paid_on, CAST(paid_amount AS VARCHAR) AS paid_amount,
  supplier_uscc, supplier_name, supplier_is_sme`;

test("a contract takes its own award, its documents by type and its payments together", async () => {
  bench = await openBench([BODIES, withoutMinimum(procurement())]);
  await bench.deliver("bodies", "b.csv", [BUYER]);
  await bench.deliver("procurement-ocds", "r.json", rowsOf(RELEASE));
  await bench.conform();
  expect(await bench.rows("SELECT reason, column_name FROM quarantine.row")).toEqual([]);
  expect(await bench.rows(`SELECT ${CONTENT} FROM core.contract ORDER BY record_key`)).toEqual([
    {
      record_key: "C1",
      amount: "1000.30",
      award_notice_on: "2018-01-10",
      award_published_on: "2018-01-11",
      signed_on: "2018-02-01",
      contract_published_on: "2018-02-03",
      filed_on: "2018-02-08",
      challenge_received_on: "2018-01-09",
      delivered_on: "2018-04-05",
      paid_on: "2018-04-20",
      paid_amount: "1000.30",
      supplier_uscc: "11370000004504927A",
      supplier_name: "甲公司",
      supplier_is_sme: true,
    },
    {
      record_key: "C2",
      amount: "500.00",
      award_notice_on: "2018-01-20",
      award_published_on: "2018-01-25",
      signed_on: "2018-02-02",
      contract_published_on: "2018-02-04",
      filed_on: null,
      challenge_received_on: "2018-01-09",
      delivered_on: null,
      paid_on: null,
      paid_amount: "200.50",
      supplier_uscc: "113700000045022274",
      supplier_name: "乙公司",
      supplier_is_sme: false,
    },
  ]);
});

test("an award nobody has, a list that is none and a payment in words are faults, not other values", async () => {
  bench = await openBench([BODIES, withoutMinimum(procurement())]);
  await bench.deliver("bodies", "b.csv", [BUYER]);
  const [first] = RELEASE.contracts;
  const contract = (id: string, change: object) => ({ ...first, id, ...change });
  const words = { transactions: [{ value: { amount: "一百" } }, { value: { amount: 5 } }] };
  await bench.deliver(
    "procurement-ocds",
    "r.json",
    rowsOf({
      ...RELEASE,
      contracts: [
        contract("none", { awardID: "A3" }),
        contract("words", { implementation: words }),
        contract("text", { documents: "见附件", implementation: { transactions: null } }),
      ],
    }),
  );
  await bench.conform();
  expect(
    await bench.rows("SELECT reason, value FROM quarantine.row ORDER BY reason, value"),
  ).toEqual([
    { reason: "bad-number", value: "一百" },
    { reason: "missing", value: null },
  ]);
  expect(
    await bench.rows(
      "SELECT record_key, contract_published_on AS d, paid_on, paid_amount FROM core.contract",
    ),
  ).toEqual([{ record_key: "text", d: null, paid_on: null, paid_amount: null }]);
});

test.each([
  ["first", "10"],
  ["last", "9.5"],
  ["min", "9.5"],
  ["max", "100"],
  ["sum", "119.5"],
])("of 10, nothing, 100 and 9.5 the %s is %s", async (pick, wanted) => {
  bench = await openBench([
    BODIES,
    `source: numbers
title: { zh: 某源, en: Some source }
owner: { zh: 某局, en: Some bureau }
connector: { type: folder, path: x }
format: { type: json }
kind: contract
key: [record_key]
valid: { from: signed_on }
known_at: { date: 2018-01-01 }
columns:
  record_key: { value: a }
  entity_id: { value: "370202" }
  kind: { value: procurement }
  signed_on: { value: 2018-01-01 }
  amount: { from: "lots[*].parts[use=yes].n", pick: ${pick} }
`,
  ]);
  await bench.deliver("bodies", "b.csv", [BUYER]);
  const part = (use: string, n?: number) => ({ use, n });
  const lots = [
    { parts: [part("no", 1000), part("yes", 10), part("yes")] },
    {},
    { parts: [part("yes", 100), part("yes", 9.5), part("no", 1)] },
  ];
  await bench.deliver("numbers", "n.json", [{ json: JSON.stringify({ lots }) }]);
  await bench.conform();
  const [row] = await bench.rows<{ amount: string }>("SELECT amount FROM core.contract");
  expect(Number(row?.amount)).toBe(Number(wanted));
});

test("numbers grouped by commas add up like others, and a word among them is found fault with", async () => {
  const amounts = (...list: string[]) => ({
    transactions: list.map((amount) => ({ value: { amount } })),
  });
  bench = await openBench([BODIES, withoutMinimum(procurement())]);
  await bench.deliver("bodies", "b.csv", [BUYER]);
  const [first] = RELEASE.contracts;
  const contracts = [
    { ...first, id: "grouped", implementation: amounts("1,000", "0.5") },
    { ...first, id: "worded", implementation: amounts("1,000", "半") },
  ];
  await bench.deliver("procurement-ocds", "r.json", rowsOf({ ...RELEASE, contracts }));
  await bench.conform();
  expect(
    await bench.rows("SELECT record_key, CAST(paid_amount AS VARCHAR) AS paid FROM core.contract"),
  ).toEqual([{ record_key: "grouped", paid: "1000.50" }]);
  expect(await bench.rows("SELECT reason, value FROM quarantine.row")).toEqual([
    { reason: "bad-number", value: "半" },
  ]);
});

test("all elements without pick, and pick without a choice, are refused with the line", async () => {
  const write = (mapping: string) =>
    openBench([
      procurement().replace(/^ {2}title: \{ from: tender.title \}$/m, `  title: ${mapping}`),
    ]);
  await expect(write('{ from: "a[*].b" }')).rejects.toThrow(/columns\.title: chooses several/);
  await expect(write("{ from: a.b, pick: max }")).rejects.toThrow(/pick is for paths/);
  expect(readSource(join(SOURCES, "procurement-ocds.yaml")).value.source).toBe("procurement-ocds");
});

/** A test has fewer rows than a city, and more of them are bad. */
function withoutMinimum(yaml: string): string {
  return yaml.replace(/rows: \{ min: \d+ \}/, "rows: { min: 1 }\n  quarantine_share: 1");
}
