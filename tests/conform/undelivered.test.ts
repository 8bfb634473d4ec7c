import { afterEach, describe, expect, test } from "vitest";
import { type Bench, openBench, type RawRow } from "./fixture.ts";
import { BODIES, DISTRICTS } from "./sources.ts";

let bench: Bench | undefined;
afterEach(() => {
  bench?.close();
  bench = undefined;
});

/** The ledger of docs/sources.md, example 4; `award_notice_on` stands for a column with a constant of its own. */
function ledger(format: string): string {
  return `source: contracts
title: { zh: 台账, en: Ledger }
owner: { zh: 某局, en: Some bureau }
connector: { type: folder, path: x }
format: { type: ${format} }
kind: contract
key: [record_key]
valid: { from: signed_on }
known_at: { date: 2018-07-01 }
columns:
  record_key: { from: 合同号 }
  entity_id: { from: 采购人, entity: [gb2260] }
  kind: { value: procurement }
  signed_on: { from: 签订日期 }
  award_notice_on: { value: 2018-05-01 }
  filed_on: { from: 备案日期, default: 2018-12-31, optional: true }
  contract_published_on: { from: 合同公示日期, optional: true }
`;
}

const MAY = { 合同号: "1", 采购人: "370202", 签订日期: "2018-05-08" };
const JUNE = { 合同号: "2", 采购人: "370202", 签订日期: "2018-06-04", 合同公示日期: "" };

async function take(format: string) {
  bench = await openBench([BODIES, ledger(format)]);
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  const row = (cells: RawRow): RawRow =>
    format === "csv" ? cells : { json: JSON.stringify(cells) };
  const may = await bench.deliver("contracts", "may", [row(MAY)]);
  const june = await bench.deliver("contracts", "june", [row(JUNE)]);
  await bench.conform();
  const rows = await bench.rows<{ file_id: number; column_name: string }>(
    "SELECT file_id, column_name FROM core.undelivered WHERE source_id = 'contracts' ORDER BY ALL",
  );
  const of = (file: number) =>
    rows.filter(({ file_id }) => file_id === file).map(({ column_name }) => column_name);
  return { bench, may, june, of };
}

describe("what a file does not deliver", () => {
  test("is what it lacks and what its source does not map; a blank cell, a constant and a default are delivered", async () => {
    const { may, june, of } = await take("csv");
    expect(of(may)).toContain("contract_published_on");
    expect(of(june)).not.toContain("contract_published_on");
    for (const file of [may, june]) {
      expect(of(file)).toEqual(expect.arrayContaining(["amount", "paid_on", "outcome"]));
      for (const column of ["signed_on", "award_notice_on", "filed_on", "kind", "entity_id"]) {
        expect(of(file)).not.toContain(column);
      }
    }
  });

  test("is asked of all of a source's records in JSON, where keys are left out, not of one file", async () => {
    const { may, of } = await take("ndjson");
    expect(of(may)).not.toContain("contract_published_on");
    expect(of(may)).toContain("amount");
  });

  test("is written anew with the source, and nothing twice", async () => {
    const { bench: again } = await take("csv");
    const count = "SELECT count(*) AS n FROM core.undelivered";
    const before = await again.rows(count);
    await again.rows("UPDATE raw.file SET definition_hash = 'another'");
    await again.conform();
    expect(await again.rows(count)).toEqual(before);
  });
});
