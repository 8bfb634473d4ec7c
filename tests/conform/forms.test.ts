import { afterEach, expect, test } from "vitest";
import { type Bench, openBench } from "./fixture.ts";
import { BODIES, DISTRICTS } from "./sources.ts";

let bench: Bench;
afterEach(() => bench.close());

const HEAD = `
title: { zh: 某源, en: Some source }
owner: { zh: 某局, en: Some bureau }
connector: { type: folder, path: x }
`;

test("JSON rows are read by paths: plain, nested, in lists, and under a dotted name", async () => {
  bench = await openBench([
    BODIES,
    `source: releases
${HEAD}
format: { type: json, records: [releases, contracts] }
kind: contract
key: [project_no, record_key]
valid: { from: signed_on }
known_at: { column: date }
columns:
  record_key: { from: contracts.id }
  project_no: { from: ocid }
  entity_id: { from: buyer.id, entity: [gb2260] }
  kind: { value: procurement }
  amount: { from: contracts.value.amount }
  signed_on: { from: contracts.dateSigned }
  contract_published_on: { from: "contracts.documents[0].datePublished" }
  title: { template: "\${ocid} / \${contracts.title}" }
`,
  ]);
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  const nested = {
    ocid: "ocds-1",
    date: "2018-05-01T08:00:00Z",
    buyer: { id: "370202" },
    contracts: {
      id: 7,
      title: "路灯",
      value: { amount: 1234.5, currency: "CNY" },
      dateSigned: "2018-04-30T00:00:00Z",
      documents: [{ datePublished: "2018-05-02" }],
    },
  };
  const flat = {
    ocid: "ocds-2",
    date: "2018-05-01",
    "buyer.id": "370215",
    "contracts.id": "8",
    "contracts.title": null,
    "contracts.value": { amount: "0.10" },
    "contracts.dateSigned": "2018-04-29",
  };
  await bench.deliver("releases", "r.json", [
    { json: JSON.stringify(nested) },
    { json: JSON.stringify(flat) },
  ]);
  await bench.conform();
  expect(await bench.rows("SELECT reason, column_name FROM quarantine.row")).toEqual([]);
  expect(
    await bench.rows(
      "SELECT record_key, entity_id, amount, signed_on, contract_published_on, title, known_from FROM core.contract ORDER BY record_key",
    ),
  ).toEqual([
    {
      record_key: "ocds-1|7",
      entity_id: "370202",
      amount: "1234.50",
      signed_on: "2018-04-30",
      contract_published_on: "2018-05-02",
      title: "ocds-1 / 路灯",
      known_from: "2018-05-01 16:00:00", // eight in the morning at Greenwich
    },
    {
      record_key: "ocds-2|8",
      entity_id: "370215",
      amount: "0.10",
      signed_on: "2018-04-29",
      contract_published_on: null,
      title: null,
      known_from: "2018-05-01 00:00:00",
    },
  ]);
});

const FINANCES = `source: finances
${HEAD}
format: { type: csv }
kind: debt_position
key: [entity_id, as_at]
valid: { from: as_at }
known_at: { file: '^(\\d{4})-(\\d{2})-(\\d{2})/' }
except: { name: ["", "合计"] }
columns:
  entity_id: { from: name, entity: [name] }
  as_at: { file: 'FIN(\\d\\d)', template: "20$1-06-30" }
  frequency: { value: year }
  currency: { value: USD }
  population: { matching: '^\\d{4} Population$' }
  fund_balance: { from: [Unassigned, Unreserved] }
  total_debt: { from: Debt, unit: thousand_usd, optional: true }
expectations: { quarantine_share: 0 }
`;

test("columns that change their names from year to year, and what the file's name says", async () => {
  bench = await openBench([BODIES, FINANCES], { currency: "USD" });
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  await bench.deliver("finances", "2011-12-31/FIN10.csv", [
    { name: "市南区", "2010 Population": "1.6992000000000000e+04", Unreserved: "5", Debt: "1.5" },
    { name: "合计", "2010 Population": "x", Unreserved: "x", Debt: "x" },
  ]);
  await bench.deliver("finances", "2012-12-31/FIN11.csv", [
    { name: "市南区", "2011 Population": "17000", Unreserved: "6", Unassigned: "7" },
  ]);
  await bench.deliver("finances", "unnamed.csv", [{ name: "市南区", Debt: "1" }]);
  await bench.conform();
  expect(
    await bench.rows(
      "SELECT as_at, currency, population, fund_balance, total_debt, scope, known_from FROM core.debt_position ORDER BY as_at",
    ),
  ).toEqual([
    {
      as_at: "2010-06-30",
      currency: "USD",
      population: 16992,
      fund_balance: "5.00",
      total_debt: "1500.00",
      scope: "statutory",
      known_from: "2011-12-31 00:00:00",
    },
    {
      as_at: "2011-06-30",
      currency: "USD",
      population: 17000,
      fund_balance: "7.00",
      total_debt: null,
      scope: "statutory",
      known_from: "2012-12-31 00:00:00",
    },
  ]);
  expect(
    await bench.rows<{ refused_because: string }>(
      "SELECT refused_because FROM raw.file WHERE file_name = 'unnamed.csv'",
    ),
  ).toEqual([{ refused_because: expect.stringContaining("FIN(\\d\\d)") }]);
});

test("typed columns go through as they are; an instant is read in the jurisdiction's zone", async () => {
  bench = await openBench([
    BODIES,
    `source: orders
${HEAD}
format: { type: parquet }
kind: complaint
key: [record_key]
valid: { from: received_at }
known_at: receipt
columns:
  record_key: { from: no }
  entity_id: { from: body }
  received_at: { from: received }
  due_at: { from: due }
  closed_at: { from: closed }
  resolved: { from: resolved, default: false }
`,
  ]);
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  await bench.deliver(
    "orders",
    "o.parquet",
    [
      {
        no: "1",
        body: "370202",
        received: "2018-06-30 23:30:00",
        due: "2018-07-02",
        closed: "2018-07-01 00:30:00+00",
        resolved: null,
      },
    ],
    {
      types: {
        no: "BIGINT",
        received: "TIMESTAMP",
        due: "DATE",
        closed: "TIMESTAMP WITH TIME ZONE",
        resolved: "BOOLEAN",
      },
      receivedAt: "2018-08-01 09:00:00",
    },
  );
  await bench.conform();
  expect(
    await bench.rows(
      "SELECT record_key, received_at, due_at, closed_at, resolved, valid_from, known_from FROM core.complaint",
    ),
  ).toEqual([
    {
      record_key: "1",
      received_at: "2018-06-30 23:30:00",
      due_at: "2018-07-02 00:00:00",
      closed_at: "2018-07-01 08:30:00",
      resolved: false,
      valid_from: "2018-06-30",
      known_from: "2018-08-01 09:00:00",
    },
  ]);
});
