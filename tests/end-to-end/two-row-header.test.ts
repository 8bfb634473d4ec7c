import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { copyTinyCity, JUNE, removeFolders, runTiny, tinyConfig } from "./tiny-workspace.ts";

const FILE = join(import.meta.dirname, "../fixtures/two-row-header/失信记录2019.xlsx");

// As the worked example of docs/sources.md has it.
const SOURCE = `# Synthetic.
source: records
title: { zh: 政务失信记录, en: Dishonesty records of public bodies }
owner: { zh: 小城市信用办, en: Tiny City Credit Office }
synthetic: true
kind: dishonesty_record
connector: { type: folder, path: data-samples/records, match: "*.xlsx" }
format: { type: xlsx, sheet: 失信记录, skip: 2, header_rows: 2, merged: fill }
empty: ["—", "/"]
key: [record_key]
valid: { from: decided_on }
known_at: { date: 2018-06-30 }
columns:
  record_key: { from: 序号 }
  entity_id: { from: 单位, entity: [name] }
  record_type: { from: 认定情况/类型, codes: { 违法违规: violation, 失信违约: breach, 司法判决: judgment, 行政处罚: penalty, 纪律处分: discipline, 问责处理: accountability }, unknown: keep }
  severity: { from: 认定情况/程度, codes: { 轻微: minor, 一般: general, 严重: serious } }
  subject_kind: { value: organ }
  decided_on: { from: 时间/认定日期 }
  repaired_on: { from: 时间/修复日期 }
  obligation_amount: { from: 涉及金额（万元）, unit: 万元 }
  state: { value: confirmed }
expectations: { quarantine_share: 0.5 }
`;

const BODIES = ["A3区", "A4区", "A5区", "A6区", "A7县", "A8县"];

/** The tiny city with other bodies, and their records in the register made for people. */
function makeWorkspace(): string {
  const workspace = copyTinyCity();
  const sources = join(workspace, "pipelines", "sources");
  writeFileSync(join(sources, "records.yaml"), SOURCE);
  const samples = join(workspace, "data-samples");
  const divisions = join(samples, "divisions", "divisions.csv");
  const lines = BODIES.map(
    (name, place) => `99990${place + 4},${name},B${place},district,district,999900,district,1,是`,
  );
  writeFileSync(divisions, `${readFileSync(divisions, "utf8").trimEnd()}\n${lines.join("\n")}\n`);
  rmSync(join(samples, "records", "records.ndjson"));
  cpSync(FILE, join(samples, "records", "失信记录2019.xlsx"));
  return workspace;
}

afterAll(removeFolders);

test("six of its eight records are taken, two are set aside for their day, sum and signatures are no records", async () => {
  const asOf = "2020-01-01 00:00:00";
  const run = await runTiny(tinyConfig(makeWorkspace()), { period: JUNE.period, asOf }, "conform");
  const { store } = run.context;
  try {
    const records = await store.rows<Record<string, unknown>>(
      `SELECT record_key, entity_id, CAST(decided_on AS VARCHAR) AS decided_on, CAST(obligation_amount AS DOUBLE) AS amount
       FROM core.dishonesty_record WHERE source_id = 'records' ORDER BY record_key`,
    );
    expect(
      records.map(({ record_key, entity_id, decided_on }) => [record_key, entity_id, decided_on]),
    ).toEqual([
      ["1", "999908", "2019-03-05"],
      ["2", "999909", "2019-02-18"],
      ["3", "999904", "2019-04-01"],
      ["4", "999906", "2019-05-06"],
      ["5", "999907", "2019-05-20"],
      ["7", "999905", "2019-06-03"],
    ]);
    // 3.2 hundred million yuan, though the column's unit is ten thousand.
    expect(records[4]?.amount).toBe(320_000_000);
    const aside = await store.rows<{ line: number; reason: string }>(
      "SELECT line, reason FROM quarantine.row WHERE source_id = 'records' ORDER BY line, reason",
    );
    expect(aside.map(({ line, reason }) => [Number(line), reason])).toEqual([
      [10, "unclear-date"],
      [12, "unclear-date"],
      [13, "left-out"],
      [15, "left-out"],
    ]);
  } finally {
    store.close();
  }
});
