import ExcelJS from "exceljs";
import { strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { numberToText, serialToText } from "../../src/pull/xlsx-values.ts";
import { makeFixture } from "./pull-fixture.ts";

async function read(bytes: Uint8Array, format: Parameters<typeof makeFixture>[0] = {}) {
  const fixture = await makeFixture({ type: "xlsx", ...format });
  fixture.write("a.xlsx", bytes);
  await fixture.pull();
  return {
    rows: await fixture.rows(),
    bad: (await fixture.quarantined()).map(({ line, message_en }) => [line, message_en]),
    refused: String((await fixture.files())[0]?.refused_because),
  };
}

/** A workbook by another program's writer. */
async function write(fill: (sheet: ExcelJS.Worksheet, book: ExcelJS.Workbook) => void) {
  const book = new ExcelJS.Workbook();
  fill(book.addWorksheet("任务"), book);
  return new Uint8Array(await book.xlsx.writeBuffer());
}

test("cells of every type become exact text", async () => {
  const { rows } = await read(
    await write((sheet) => {
      sheet.addRow(["text", "date", "time", "number", "rich", "yes", "formula", "link"]);
      sheet.addRow([
        " 青岛 <&> ",
        new Date(Date.UTC(2018, 0, 5)),
        new Date(Date.UTC(2018, 0, 5, 13, 30, 15)),
        0.1,
        { richText: [{ text: "市" }, { font: { bold: true }, text: "南 区" }] },
        true,
        { formula: "1+1", result: 2 },
        { text: "网址", hyperlink: "http://example.org/" },
      ]);
      sheet.getCell("C2").numFmt = "yyyy-mm-dd hh:mm:ss";
      sheet.getCell("B2").numFmt = 'yyyy"年"m"月"d"日"';
    }),
  );
  expect(rows).toEqual([
    {
      _line: 2,
      text: " 青岛 <&> ",
      date: "2018-01-05",
      time: "2018-01-05 13:30:15",
      number: "0.1",
      rich: "市南 区",
      yes: "true",
      formula: "2",
      link: "网址",
    },
  ]);
});

test("lines are the rows of the sheet; empty rows are passed over, missing cells are empty", async () => {
  const { rows, bad } = await read(
    await write((sheet) => {
      sheet.getCell("A1").value = "市直部门任务表";
      sheet.getRow(3).values = ["id", "t", "u"];
      sheet.getRow(5).values = ["1", undefined, "c"];
      sheet.getRow(9).values = ["2"];
      sheet.getRow(10).values = ["3", "b", "c", "beyond"];
    }),
    { skip: 1 },
  );
  expect(rows).toEqual([
    { _line: 5, id: "1", t: "", u: "c" },
    { _line: 9, id: "2", t: "", u: "" },
  ]);
  expect(bad).toEqual([[10, expect.stringContaining("4 fields where the header has 3")]]);
});

test("the sheet named is read, else the first in the workbook's order", async () => {
  const bytes = await write((sheet, book) => {
    sheet.addRow(["first"]);
    book.addWorksheet("名册").addRows([["second"], ["x"]]);
  });
  expect((await read(bytes, { sheet: "名册" })).rows).toEqual([{ _line: 2, second: "x" }]);
  expect((await read(bytes)).rows).toEqual([]);
  expect((await read(bytes, { sheet: "无" })).refused).toContain("it has 2 sheets");
});

test("headers are checked", async () => {
  const reserved = await read(await write((sheet) => sheet.addRow(["id", "_line"])));
  expect(reserved.refused).toContain("The name of column 2");
  const odd = await write((sheet) =>
    sheet.addRows([
      ["id ", null, "ID"],
      ["1", "2", "3"],
    ]),
  );
  expect((await read(odd)).rows).toEqual([{ _line: 2, id: "1", "#2": "2", "ID ": "3" }]);
});

test("what is no workbook is refused with what to do", async () => {
  const ole = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
  expect((await read(ole)).refused).toContain("old .xls or protected by a password");
  expect((await read(Buffer.from("id,t\n"))).refused).toContain("no complete XLSX workbook");
  expect((await read(Buffer.alloc(0))).refused).toContain("no complete XLSX workbook");
  const whole = await write((sheet) => sheet.addRow(["id"]));
  expect((await read(whole.subarray(0, whole.length - 40))).refused).toContain("no complete XLSX");
});

describe("a workbook as other programs write it", () => {
  const R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const parts = (sheet: string, more: Record<string, string> = {}) =>
    zipSync(
      Object.fromEntries(
        Object.entries({
          // Sheet before styles and strings, absolute targets, sheet order other than file numbers, prefixed names.
          "xl/worksheets/sheet7.xml": sheet,
          "xl/worksheets/sheet1.xml": "<worksheet><sheetData/></worksheet>",
          "_rels/.rels": `<?xml version="1.0"?><Relationships><Relationship Id="r1" Type="${R}/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
          "xl/workbook.xml": `<x:workbook xmlns:x="m" xmlns:r="${R}"><x:sheets><x:sheet name="甲" sheetId="4" r:id="a7"/><x:sheet name="乙" sheetId="2" r:id="a1"/></x:sheets></x:workbook>`,
          "xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="a1" Type="${R}/worksheet" Target="/xl/worksheets/sheet1.xml"/><Relationship Target="/xl/worksheets/sheet7.xml" Type="${R}/worksheet" Id="a7"/><Relationship Id="s" Type="${R}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="t" Type="${R}/styles" Target="styles.xml"/></Relationships>`,
          ...more,
        }).map(([name, text]) => [name, strToU8(text)]),
      ),
    );

  test("phonetic readings, inline rich text, escapes, errors, cells without address", async () => {
    const sheet = `<?xml version="1.0" encoding="UTF-8"?><!-- c --><x:worksheet xmlns:x="m"><x:sheetData>
      <x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c><x:c r="C1" t="inlineStr"><x:is><x:t>c</x:t></x:is></x:c><x:c r="B1" t='str'><x:v>b</x:v></x:c></x:row>
      <x:row><x:c t="s"><x:v>1</x:v></x:c><x:c t="inlineStr"><x:is><x:r><x:t>a&amp;lt;</x:t></x:r><x:r><x:t xml:space="preserve"> &#x5E02;_x000D_</x:t></x:r></x:is></x:c><x:c t="e"><x:v>#N/A</x:v></x:c></x:row>
      <x:row r="4"><x:c r="B4" s="1"><x:v>43105.5625</x:v></x:c><x:c r="C4" s="2"><x:v>1.5</x:v></x:c></x:row>
      <x:row r="5"><x:c r="A5" s="3"><x:v>43105</x:v></x:c><x:c r="B5" t="b"><x:v>0</x:v></x:c><x:c r="C5" t="d"><x:v>2018-01-05</x:v></x:c></x:row>
      </x:sheetData></x:worksheet>`;
    const { rows } = await read(
      parts(sheet, {
        "xl/sharedStrings.xml": `<sst><si><t>编号</t></si><si><t>漢字</t><rPh sb="0" eb="2"><t>hanzi</t></rPh></si></sst>`,
        "xl/styles.xml": `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="[h]:mm"/><numFmt numFmtId="171" formatCode="[Red]0.00"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs></styleSheet>`,
      }),
    );
    expect(rows).toEqual([
      { _line: 2, 编号: "漢字", b: "a&lt; 市\r", c: "#N/A" },
      { _line: 4, 编号: "", b: "2018-01-05 13:30:00", c: "1.5" },
      { _line: 5, 编号: "43105", b: "false", c: "2018-01-05" },
    ]);
  });

  test("an empty sheet has no rows", async () => {
    const { rows, refused } = await read(parts("<worksheet><sheetData/></worksheet>"), {
      sheet: "乙",
    });
    expect([rows, refused]).toEqual([[], "null"]);
  });
});

// Serial numbers and days from ECMA-376 part 1, 18.17.4.1, and counted by hand around 1900-02-29.
test.each([
  [1, false, "1900-01-01"],
  [59, false, "1900-02-28"],
  [60, false, "1900-02-29"],
  [61, false, "1900-03-01"],
  [43105, false, "2018-01-05"],
  [2_958_465, false, "9999-12-31"],
  [0, true, "1904-01-01"],
  [41643, true, "2018-01-05"],
  [0.75, false, "18:00:00"],
  [43105.999988426, false, "2018-01-05 23:59:59"],
])("the serial number %d (1904: %s) is %s", (serial, date1904, text) => {
  expect(serialToText(serial, date1904)).toBe(text);
});

test.each([
  ["0.1", "0.1"],
  ["0.10000000000000001", "0.1"],
  ["1E3", "1000"],
  ["1.5E-7", "0.00000015"],
  ["-1.25E+21", "-1250000000000000000000"],
  ["370202000000000000", "370202000000000000"],
])("the number %s is %s", (stored, text) => {
  expect(numberToText(stored)).toBe(text);
});
