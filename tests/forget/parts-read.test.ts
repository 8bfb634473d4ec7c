import { afterEach, expect, test } from "vitest";
import { redactSource } from "../../src/conform/redact-source.ts";
import { type Bench, openBench, type RawRow } from "../conform/fixture.ts";
import { BODIES, DISTRICTS } from "../conform/sources.ts";

let bench: Bench;
afterEach(() => bench?.close());

const OVER = "2030-01-01";

/** Orders of which parts of texts are read, the first of several columns, codes, and one of two columns that tell the time. */
function orders(form: string, phrase: string): string {
  return `
source: orders
title: { zh: 工单, en: Orders }
owner: { zh: 某局, en: Some bureau }
connector: { type: folder, path: x }
format: { type: ${form} }
kind: complaint
key: [record_key]
valid: { from: received_at }
known_at: { column: [推送, 推送二] }
retention_months: 24
columns:
  record_key: { from: ${phrase}, extract: '编号(\\d+)' }
  caller_ref: { from: ${phrase}, extract: '来电人(\\S+)', person: { role: caller, field: name } }
  closed_at: { from: ${phrase}, extract: '办结(\\S+)' }
  entity_id: { from: 单位, entity: [gb2260] }
  category: { from: [类别, 类别二] }
  channel: { first_of: [渠道, 渠道二], empty: ["-"] }
  received_at: { from: 受理 }
  satisfaction: { from: 满意, codes: { 好: satisfied }, unknown: drop }
expectations: { quarantine_share: 1 }
`;
}

const ROWS: readonly RawRow[] = [
  {
    内容: "甲某说 编号17 来电人甲某 电话13800138000 办结2018-07-09",
    单位: "370202",
    类别: "噪音",
    类别二: "乙某类",
    渠道: "-",
    渠道二: "热线",
    受理: "2018-07-01",
    满意: "丙某不好",
    推送: "2018-07-02",
    推送二: "丁某日",
  },
  {
    内容: "编号18 来电人戊某 办结己某",
    单位: "370202",
    类别: "供水",
    类别二: "庚某类",
    渠道: "网络",
    渠道二: "辛某",
    受理: "2018-07-01",
    满意: "好",
    推送: "2018-07-02",
    推送二: "壬某日",
  },
  {
    内容: "癸某说没有 编号19",
    单位: "370202",
    类别: "供水",
    类别二: "",
    渠道: "",
    渠道二: "网络",
    受理: "2018-07-01",
    满意: "",
    推送: "2018-07-03",
    推送二: "",
  },
];

const CORE = `SELECT record_key, caller_ref, closed_at, category, channel, satisfaction, flags, known_from, line
  FROM core.complaint ORDER BY record_key`;
const ASIDE = "SELECT DISTINCT line, column_name, reason FROM quarantine.row";

/** As objects of JSON, with the phrase below a key or in a list. */
function asRecords(nest: (phrase: string) => unknown): RawRow[] {
  return ROWS.map(({ 内容, ...others }) => ({
    json: JSON.stringify({ ...others, 来电: "甲某", 事: nest(内容 as string) }),
  }));
}

test.each([
  ["a table", orders("csv", "内容"), ROWS],
  ["JSON", orders("ndjson", "事.文"), asRecords((文) => ({ 文 }))],
  [
    "a list in JSON",
    // A person in a list takes the whole list along.
    orders("ndjson", '"事[类=诉求].文"').replace(
      /caller_ref.*/,
      "caller_ref: { from: 来电, person: { role: caller, field: name }, optional: true }",
    ),
    asRecords((文) => [
      { 类: "备注", 文: "某人备注" },
      { 类: "诉求", 文 },
    ]),
  ],
])(
  "of %s nothing is left but the parts of texts that are read, and they are read again alike",
  async (_, definition, rows) => {
    bench = await openBench([BODIES, definition]);
    await bench.deliver("bodies", "b.csv", DISTRICTS);
    await bench.deliver("orders", "1", rows);
    await bench.conform();
    const before = [await bench.rows(CORE), await bench.rows(ASIDE)];
    expect(before[0]).toMatchObject([
      { record_key: "17", category: "噪音", channel: "热线", flags: ["unknown-code:satisfaction"] },
      { record_key: "19", category: "供水", channel: "网络", flags: null },
    ]);
    expect(before[1]).toMatchObject([{ reason: "bad-date" }]);
    const source = bench.context.sources.find((each) => each.source === "orders");
    if (!source) throw new Error("no orders");
    await redactSource(bench.context, source, OVER);
    const view = (await bench.rows<{ name: string }>(
      "SELECT view_name AS name FROM duckdb_views() WHERE view_name LIKE 'orders#%'",
    )) as [{ name: string }];
    const left = JSON.stringify(await bench.rows(`FROM raw."${view[0].name}"`));
    expect(left).not.toMatch(/[甲乙丙丁戊己庚辛壬癸]某|某人|13800138000|没有/);
    expect(left).toContain("噪音");
    await bench.context.store.run("DELETE FROM core.complaint");
    await bench.context.store.run("UPDATE raw.file SET conformed = false");
    await bench.conform();
    expect([await bench.rows(CORE), await bench.rows(ASIDE)]).toEqual(before);
  },
);
