import { afterEach, describe, expect, test } from "vitest";
import { type Bench, openBench, type RawRow } from "./fixture.ts";
import { BODIES, DISTRICTS } from "./sources.ts";

let bench: Bench | undefined;
afterEach(() => {
  bench?.close();
  bench = undefined;
});

/** An order source; `change` says what is different about its definition. */
function orders(change: (yaml: string) => string = (yaml) => yaml): string {
  return change(`source: orders
title: { zh: 工单, en: Orders }
owner: { zh: 某局, en: Some bureau }
connector: { type: folder, path: x }
format: { type: csv }
kind: complaint
key: [record_key]
valid: { from: received_at }
known_at: { date: 2018-07-01 }
columns:
  record_key: { from: [工单编号, 工单号] }
  entity_id: { first_of: [单位代码, 单位名称], entity: [gb2260, name] }
  received_at: { from: 受理时间 }
  closed_at: { from: 办结时间 }
  resolved: { from: 是否解决, codes: { 是: true, 否: false }, when: { 渠道: [电话] } }
`);
}

const ROW = {
  工单编号: "1",
  单位代码: "370202",
  单位名称: "",
  受理时间: "2018-06-01 09:00:00",
  办结时间: "2018-06-05 10:00:00",
  是否解决: "是",
  渠道: "电话",
};

const READ = {
  record_key: "1",
  entity_id: "370202",
  received_at: "2018-06-01 09:00:00",
  closed_at: "2018-06-05 10:00:00",
  resolved: true,
};

/** The row under other headers; a header that maps to nothing is left out. */
function headed(change: Readonly<Record<string, string | undefined>>): RawRow {
  return Object.fromEntries(
    Object.entries(ROW).flatMap(([name, value]) => {
      const header = name in change ? change[name] : name;
      return header === undefined ? [] : [[header, value]];
    }),
  );
}

/** Delivers the rows as one file and conforms them. */
async function take(source: string, rows: readonly RawRow[]) {
  bench = await openBench([BODIES, source]);
  await bench.deliver("bodies", "b.csv", DISTRICTS);
  await bench.deliver("orders", "o.csv", rows);
  await bench.conform();
  const [file] = await bench.rows<{ refused: string | null }>(
    "SELECT refused_because AS refused FROM raw.file WHERE source_id = 'orders'",
  );
  const records = await bench.rows(
    "SELECT record_key, entity_id, received_at, closed_at, resolved FROM core.complaint ORDER BY line",
  );
  const [zh, en] = (file?.refused ?? "").split("\n");
  return { records, zh, en };
}

describe("headers are compared as people read them", () => {
  test.each([
    ["blanks around it", "办结时间", " 办结时间\u3000"],
    ["a line break in it", "办结时间", "办结\r\n时间"],
    ["blanks that set it wide", "是否解决", "是 否 解 决"],
  ])("%s", async (_, name, header) => {
    expect((await take(orders(), [headed({ [name]: header })])).records).toEqual([READ]);
  });

  test("width and letter case, on either side", async () => {
    const source = orders((yaml) => yaml.replace("from: 办结时间", 'from: "ＣＬＯＳＥＤ_At "'));
    expect((await take(source, [headed({ 办结时间: "closed_AT" })])).records).toEqual([READ]);
  });

  test("another order of columns, and columns that nothing reads", async () => {
    const row = Object.fromEntries([...Object.entries({ ...ROW, 备注: "x" })].reverse());
    expect((await take(orders(), [row])).records).toEqual([READ]);
  });
});

test("columns that nothing reads are noted by position, unnamed ones too", async () => {
  await take(orders(), [{ 备注: "x", ...ROW, "#9": "", "#10": "", 张三: "y" }]);
  expect(
    await bench?.rows(
      "SELECT kind, amount, places FROM raw.column_note n JOIN raw.file USING (file_id) WHERE source_id = 'orders'",
    ),
  ).toEqual([{ kind: "unread", amount: 4, places: "1, 9-11" }]);
});

describe("a column that the definition reads and the file lacks refuses the file", () => {
  test.each([
    ["a value", "办结时间", "“办结时间”（closed_at）"],
    ["the first of several", "单位代码", "“单位代码”（entity_id"],
    ["the second of several", "单位名称", "“单位名称”（entity_id"],
    ["what a condition hangs on", "渠道", "“渠道”（resolved）"],
    ["one with several names", "工单编号", "“工单编号 / 工单号”（record_key）"],
  ])("%s", async (_, name, named) => {
    const { records, zh } = await take(orders(), [headed({ [name]: undefined })]);
    expect(records).toEqual([]);
    expect(zh).toContain(named);
  });

  test("also one with a default, one that chooses rows, and the time of knowledge", async () => {
    const source = orders((yaml) =>
      yaml
        .replace("from: 办结时间", 'from: 办结时间, default: "2018-06-30"')
        .replace("columns:", "only: { 类型: [投诉] }\ncolumns:")
        .replace(
          "known_at: { date: 2018-07-01 }",
          "known_at: { column: 推送, otherwise: receipt }",
        ),
    );
    const { zh } = await take(source, [headed({ 办结时间: undefined })]);
    for (const name of ["“办结时间”", "“类型”（only）", "“推送”（known_from）"]) {
      expect(zh).toContain(name);
    }
  });

  test.each(["办结日期时间", "办结张三"])(
    "of %s, which may be a header misspelt or somebody, it is told where it stands and no more",
    async (header) => {
      const { zh, en } = await take(orders(), [headed({ 办结时间: header })]);
      expect(zh).toContain("“办结时间”（closed_at；最接近的是第 5 列）");
      expect(en).toContain('"办结时间" (closed_at; column 5 comes nearest)');
      expect(`${zh}${en}`).not.toContain(header);
    },
  );

  test("any other text of the file stands in the quarantine alone", async () => {
    const secret = "完全不同的张三丰";
    const { zh, en } = await take(orders(), [headed({ 办结时间: secret })]);
    expect(`${zh}${en}`).not.toContain(secret);
    const rows = await bench?.rows<{ value: string; message_zh: string }>(
      "SELECT value, message_zh FROM quarantine.row WHERE reason = 'header'",
    );
    expect(rows).toHaveLength(1);
    expect(rows?.[0]?.value).toContain(secret);
    expect(rows?.[0]?.message_zh).not.toContain(secret);
  });

  test("a file without its header is told to be one, and its line is masked where persons are", async () => {
    const source = orders((yaml) =>
      yaml
        .replace("columns:", "retention_months: 12\ncolumns:")
        .concat("  caller_ref: { from: 来电, person: { role: caller, field: phone } }\n"),
    );
    const line = { 张三丰: "李四", "370202199001011234": "x", "13812345678": "y" };
    const { zh, en } = await take(source, [line]);
    expect(zh).toContain("第一行不像表头");
    const kept = await bench?.rows<{ value: string }>(
      "SELECT value FROM quarantine.row WHERE reason = 'header'",
    );
    expect(kept?.[0]?.value).toBe("*,*,*");
    for (const text of Object.keys(line)) expect(`${zh}${en}`).not.toContain(text);
  });
});

describe("optional: true", () => {
  const optional = orders((yaml) =>
    yaml
      .replace("from: 办结时间", "from: 办结时间, optional: true")
      .replace("entity: [gb2260, name]", "entity: [gb2260, name], optional: true")
      .replace("when: { 渠道: [电话] }", "when: { 渠道: [电话] }, optional: true"),
  );

  test("the file is taken without the column", async () => {
    const without = headed({ 办结时间: undefined, 单位名称: undefined });
    expect((await take(optional, [without])).records).toEqual([{ ...READ, closed_at: null }]);
  });

  test("what hangs on a condition that cannot be told is empty", async () => {
    const { records } = await take(optional, [headed({ 渠道: undefined })]);
    expect(records).toEqual([{ ...READ, resolved: null }]);
  });

  test("a column that every row needs cannot be done without", async () => {
    const none = headed({ 单位代码: undefined, 单位名称: undefined });
    expect((await take(optional, [none])).zh).toContain("“单位代码 / 单位名称”（entity_id");
  });

  test.each([
    ["the key", "from: [工单编号, 工单号]", "from: 工单编号, optional: true"],
    ["the day of validity", "from: 受理时间", "from: 受理时间, optional: true"],
    ["a constant", "columns:", "columns:\n  channel: { value: x, optional: true }"],
  ])("is refused for %s", async (_, from, to) => {
    await expect(openBench([orders((yaml) => yaml.replace(from, to))])).rejects.toThrow(/optional/);
  });
});

describe("two columns of one name", () => {
  test("are one where their content is", async () => {
    const twice = { ...ROW, "办结时间 ": ROW.办结时间 };
    expect((await take(orders(), [twice])).records).toEqual([READ]);
  });

  test("cannot be told apart where it is not: the file is refused, with both positions", async () => {
    const { records, zh } = await take(orders(), [{ ...ROW, "办结时间 ": "2018-06-06 10:00:00" }]);
    expect(records).toEqual([]);
    expect(zh).toContain("“办结时间”: 5、8");
  });

  test("matter to nobody where nothing reads them", async () => {
    const twice = { ...ROW, 备注: "x", "备 注": "y" };
    expect((await take(orders(), [twice])).records).toEqual([READ]);
  });
});

describe("JSON leaves out keys that have no value", () => {
  const json = orders((yaml) => yaml.replace("type: csv", "type: ndjson"));
  const rows = (...records: RawRow[]) =>
    records.map((record) => ({ json: JSON.stringify(record) }));

  test("one record that has the key is enough, in whichever file it is", async () => {
    const second = { ...headed({ 办结时间: undefined }), 工单编号: "2" };
    const { records } = await take(json, rows(ROW, second));
    expect(records).toEqual([READ, { ...READ, record_key: "2", closed_at: null }]);
  });

  test("a key that no record has is not delivered; the rows are taken", async () => {
    const { records } = await take(json, rows(headed({ 办结时间: undefined })));
    expect(records).toEqual([{ ...READ, closed_at: null }]);
  });

  test("keys that nothing reads are counted, with all that is under them as one", async () => {
    const contact = { 张三: "x", 电话: ["y", "z"] };
    const record = { ...ROW, 备注: null, 联系: contact, 附件: [{ 名称: "w" }] };
    await take(json, [{ json: JSON.stringify(record) }]);
    expect(await bench?.rows("SELECT kind, amount, places FROM raw.column_note")).toEqual([
      { kind: "unread", amount: 3, places: "" },
    ]);
  });

  test("unless another key looks like it, misspelt", async () => {
    const { records, zh } = await take(json, rows(headed({ 办结时间: "办结日期时间" })));
    expect(records).toEqual([]);
    expect(zh).toContain("“办结时间”（closed_at）");
    expect(zh).not.toContain("办结日期时间");
    const kept = await bench?.rows<{ value: string }>(
      "SELECT value FROM quarantine.row WHERE reason = 'header'",
    );
    expect(kept?.[0]?.value).toContain("办结日期时间");
  });

  test("a file refused for its keys comes in with the one that has them", async () => {
    await take(json, rows(headed({ 办结时间: "办结日期时间" })));
    await bench?.deliver("orders", "later.csv", rows({ ...ROW, 工单编号: "2" }));
    await bench?.conform();
    expect(
      await bench?.rows("SELECT record_key, closed_at FROM core.complaint ORDER BY record_key"),
    ).toEqual([
      { record_key: "1", closed_at: null },
      { record_key: "2", closed_at: READ.closed_at },
    ]);
  });
});
