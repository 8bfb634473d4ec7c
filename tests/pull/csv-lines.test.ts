import { describe, expect, test } from "vitest";
import { makeFixture } from "./pull-fixture.ts";

async function read(content: string, format: Parameters<typeof makeFixture>[0] = {}) {
  const fixture = await makeFixture(format);
  fixture.write("a.csv", content);
  await fixture.pull();
  return {
    rows: await fixture.rows(),
    bad: (await fixture.quarantined()).map(({ line, value }) => [line, value]),
    messages: (await fixture.quarantined()).map(({ message_zh, message_en }) => [
      message_zh,
      message_en,
    ]),
    refused: (await fixture.files())[0]?.refused_because,
  };
}

test("values come exactly as they are: blanks, quotation marks, leading zeros, empty fields", async () => {
  const { rows } = await read('id, name \n007," a ""b"" "\n"x",""\nNULL,\\N\n');
  expect(rows).toEqual([
    { _line: 2, id: "007", name: ' a "b" ' },
    { _line: 3, id: "x", name: "" },
    { _line: 4, id: "NULL", name: "\\N" },
  ]);
});

test("lines are those of the file where fields hold line breaks", async () => {
  const { rows, bad } = await read('id,t\r\n1,"a\r\nb\r\n\r\nc"\r\n2,x\r\n3,"y\nz"\r\n4,w');
  expect(rows).toEqual([
    { _line: 2, id: "1", t: "a\r\nb\r\n\r\nc" },
    { _line: 6, id: "2", t: "x" },
    { _line: 7, id: "3", t: "y\nz" },
    { _line: 9, id: "4", t: "w" },
  ]);
  expect(bad).toEqual([]);
});

test("a line with too few or too many fields is set aside with its number, the rest is kept", async () => {
  const { rows, bad, messages } = await read("id,t\n1,a\n2\n3,c,?\n4,d\n");
  expect(rows.map(({ _line, id }) => [_line, id])).toEqual([
    [2, "1"],
    [5, "4"],
  ]);
  expect(bad).toEqual([
    [3, "2"],
    [4, "3,c,?"],
  ]);
  expect(messages).toEqual([
    [
      "第 3 行有 1 个字段，表头有 2 个。请在原文件中更正后重新报送。",
      "Line 3 has 1 fields where the header has 2. Correct it in the file and deliver the file again.",
    ],
    [
      "第 4 行有 3 个字段，表头有 2 个。请在原文件中更正后重新报送。",
      "Line 4 has 3 fields where the header has 2. Correct it in the file and deliver the file again.",
    ],
  ]);
});

describe("a quotation mark out of place costs its own line only", () => {
  test("opened and never closed, nothing quoted after it", async () => {
    const { rows, bad } = await read('id,t\n1,"a\n2,b\n3,c\n');
    expect(rows.map(({ _line }) => _line)).toEqual([3, 4]);
    expect(bad).toEqual([[2, '1,"a']]);
  });
  test("opened and never closed, a quoted field after it", async () => {
    const { rows, bad } = await read('id,t\n1,"a\n2,b\n3,"c ""d"""\n4,e\n');
    expect(rows.map(({ _line, t }) => [_line, t])).toEqual([
      [3, "b"],
      [4, 'c "d"'],
      [5, "e"],
    ]);
    expect(bad).toEqual([[2, '1,"a']]);
  });
  test("inside a field, and after a closed one", async () => {
    const { rows, bad } = await read('id,t\n1,a"b\n2,"c"d\n3,e\n');
    expect(rows.map(({ _line }) => _line)).toEqual([4]);
    expect(bad.map(([line]) => line)).toEqual([2, 3]);
  });
  test("on the last line, which has no line end", async () => {
    const { rows, bad } = await read('id,t\n1,a\n2,"b');
    expect(rows.map(({ _line }) => _line)).toEqual([2]);
    expect(bad).toEqual([[3, '2,"b']]);
  });
  test("far from the next one", async () => {
    const lines = Array.from({ length: 3000 }, (_, index) => `${index + 2},x`);
    lines[10] = '12,"x';
    const { rows, bad } = await read(`id,t\n${lines.join("\n")}\n`);
    expect(rows).toHaveLength(2999);
    expect(rows.every(({ _line, id }) => String(_line) === id)).toBe(true);
    expect(bad).toEqual([[12, '12,"x']]);
  });
});

test("a quoted record over several lines with the wrong number of fields is one bad record", async () => {
  const { rows, bad } = await read('id,t\n1,"a\nb",c\n2,d\n');
  expect(rows.map(({ _line }) => _line)).toEqual([4]);
  expect(bad).toEqual([[2, '1,"a\nb",c']]);
});

test("empty lines are passed over and counted as lines", async () => {
  const { rows, bad } = await read("id,t\n\n1,a\n\r\n2,b\n\n\n");
  expect(rows.map(({ _line }) => _line)).toEqual([3, 5]);
  expect(bad).toEqual([]);
});

test.each([
  ["that DuckDB could read", 'id,t\n1,a\n,\n2,b\n"", \n'],
  ["beside a line it could not", 'id,t\n1,"a\nb"\n,\n2,b\n,,,\n'],
])("lines of separators alone are passed over, in a file %s", async (_, content) => {
  const { rows, bad } = await read(content);
  expect(rows.map(({ id }) => id)).toEqual(["1", "2"]);
  expect(bad).toEqual([]);
});

test("a NUL character makes its line unreadable", async () => {
  const { rows, bad } = await read("id,t\n1,a\0\n2,b\n");
  expect(rows.map(({ _line }) => _line)).toEqual([3]);
  expect(bad).toEqual([[2, "1,a\ufffd"]]);
});

test("of a long bad line the first thousand characters are shown, whole ones", async () => {
  const { bad } = await read(`id,t\n${"a".repeat(999)}😀\n`);
  expect(bad).toEqual([[2, `${"a".repeat(999)}\ufffd`]]);
});

test.each([
  ["nothing at all", "", []],
  ["line ends only", "\n\n", []],
  ["a header only", "id,t\n", ["id", "t"]],
  ["a header without line end", "id,t", ["id", "t"]],
])("%s gives no rows and no fault", async (_, content, columns) => {
  const fixture = await makeFixture();
  fixture.write("a.csv", content);
  const outcome = await fixture.pull();
  expect(outcome.counts).toMatchObject({ new: 1, rows: 0, refused: 0, unreadable: 0 });
  const described = await fixture.store.rows<{ column_name: string }>("DESCRIBE raw.letters");
  expect(described.map(({ column_name }) => column_name)).toEqual([
    "_file_id",
    "_line",
    ...columns,
  ]);
});

test.each([
  ["id,_line\n1,2\n", "reserved"],
  ['id,"t\n1,2\n', "header cannot be read"],
  ["id,t\r1,2\r", "carriage returns only"],
])("the header %j refuses the file", async (content, reason) => {
  const { rows, refused } = await read(content);
  expect(rows).toEqual([]);
  expect(refused).toContain(reason);
  expect(String(refused).split("\n")).toHaveLength(2);
});

test.each([
  ["one name twice", "id,t,id\n1,2,3\n", { id: "1", t: "2", "id ": "3" }],
  ["letter case aside", "id,ID\n1,2\n", { id: "1", "ID ": "2" }],
  ["a line break and width aside", 'id,"a\nb",Ａ b\n1,2,3\n', { id: "1", "a b": "2", "A b ": "3" }],
  ["no name", "id,,t\n1,2,3\n", { id: "1", "#2": "2", t: "3" }],
  [
    "no name at the end, as spreadsheets write",
    "id,t,,\n1,2\n",
    { id: "1", t: "2", "#3": "", "#4": "" },
  ],
  ["more empty fields than columns", "id,t\n1,2,,\n", { id: "1", t: "2" }],
  [
    "a byte order mark and zero-width characters",
    "\ufeffi\u200bd,\ufefft\n1,2\n",
    { id: "1", t: "2" },
  ],
])("columns with %s are read", async (_, content, row) => {
  const { rows, refused } = await read(content);
  expect(refused).toBeNull();
  expect(rows).toEqual([{ _line: content.includes('"') ? 3 : 2, ...row }]);
});

test.each([
  ["a total", "合 计,2\n"],
  ["a subtotal with a name before it", "东城区小计：,2\n"],
  ["an English one", "Grand Total,2\n"],
  ["a signature in one cell", "填表人：张三\n"],
  ["a signature behind an empty cell", ",审核：李四\n"],
  ["the header again, as in files put together", "单号,数量\n"],
])("%s is no record: it is left out, counted and told", async (_, line) => {
  const fixture = await makeFixture();
  fixture.write("a.csv", `单号,数量\n1,2\n${line}3,4\n`);
  await fixture.pull();
  expect((await fixture.rows("*")).map(({ 单号 }) => 单号)).toEqual(["1", "3"]);
  expect(await fixture.quarantined()).toMatchObject([{ line: 3, reason: "left-out" }]);
});

test("what only looks like a total is a record, and with footers: none everything is", async () => {
  const content = "单号,数量\n计1,合计\n统计局,3\n";
  expect((await read(content)).rows).toHaveLength(2);
  const all = "单号,数量\n合计,2\n填表人：张三,\n";
  expect((await read(all, { footers: "none" })).rows).toHaveLength(2);
  expect((await read(`${all}共 3 件,\n`, { footers: ["共3件"] })).rows).toEqual([]);
});

test("a header with other columns below the first says that files were put together", async () => {
  const { rows, refused } = await read("单号,数量,日期\n1,2,x\n日期,单号,数量\nx,1,2\n");
  expect(rows).toEqual([]);
  expect(refused).toContain("Line 3 is another header");
});

test("two header rows are joined; a group's name holds for the columns below it", async () => {
  const content = "序号,认定,,时间,,状态\n,类型,程度,认定,修复,\n1,a,b,c,d,e\n";
  expect((await read(content, { header_rows: 2 })).rows).toEqual([
    {
      _line: 3,
      序号: "1",
      "认定/类型": "a",
      "认定/程度": "b",
      "时间/认定": "c",
      "时间/修复": "d",
      状态: "e",
    },
  ]);
});

test("lines before the header are skipped and counted, in both paths", async () => {
  const plain = await read("双公示\n2018 年 6 月\nid,t\n1,a\n2,b\n", { skip: 2 });
  expect(plain.rows.map(({ _line, id }) => [_line, id])).toEqual([
    [4, "1"],
    [5, "2"],
  ]);
  const exact = await read('双公示 "x\n2018 年 6 月\nid,t\n1,"a\nb"\n2,b\n', { skip: 2 });
  expect(exact.rows.map(({ _line, id }) => [_line, id])).toEqual([
    [4, "1"],
    [6, "2"],
  ]);
});

test("other delimiters, of one character and of several", async () => {
  const tab = await read('id\tt\n1\ta,b\n2\t"c\td"\n', { delimiter: "\t" });
  expect(tab.rows.map(({ t }) => t)).toEqual(["a,b", "c\td"]);
  const long = await read('id||t\n1||a|b\n2||"c||d"\n', { delimiter: "||" });
  expect(long.rows.map(({ t }) => t)).toEqual(["a|b", "c||d"]);
});

test("a field of three million characters is read", async () => {
  const long = "长".repeat(3_000_000);
  const { rows } = await read(`id,t\n1,${long}\n2,b\n`);
  expect(rows.map(({ t }) => String(t).length)).toEqual([3_000_000, 1]);
});

test("a few hundred thousand lines keep their order and numbers", async () => {
  const lines = Array.from({ length: 300_000 }, (_, index) => `${index + 2},"市南区, ${index}",`);
  const fixture = await makeFixture();
  fixture.write("a.csv", `line,t,u\n${lines.join("\n")}\n`);
  await fixture.pull();
  const result = await fixture.store.row(
    `SELECT count(*) AS n, count(*) FILTER ("_line" = CAST(line AS BIGINT)) AS exact FROM raw.letters`,
  );
  expect(result).toEqual({ n: 300_000, exact: 300_000 });
});
