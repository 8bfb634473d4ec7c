import ExcelJS from "exceljs";
import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { makeFixture } from "./pull-fixture.ts";

const R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/** A small valid workbook with, on row 2, a cell of each kind that readers stumble over. */
const PARTS = {
  "_rels/.rels": `<Relationships><Relationship Id="r1" Type="${R}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  "xl/workbook.xml": `<workbook xmlns:r="${R}"><workbookPr/><sheets><sheet name="名册" sheetId="1" r:id="a1"/></sheets></workbook>`,
  "xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="a1" Type="${R}/worksheet" Target="/xl/worksheets/sheet1.xml"/><Relationship Id="s" Type="${R}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="t" Type="${R}/styles" Target="styles.xml"/></Relationships>`,
  "xl/sharedStrings.xml": `<sst><si><t>漢字</t><rPh sb="0" eb="2"><t>hanzi</t></rPh></si></sst>`,
  "xl/worksheets/sheet1.xml": `<worksheet><sheetData>
    <row r="1"><c r="A1" t="inlineStr"><is><t>reading</t></is></c><c r="B1" t="inlineStr"><is><t>rich</t></is></c><c r="C1" t="inlineStr"><is><t>date</t></is></c><c r="D1" t="inlineStr"><is><t>formula</t></is></c><c r="E1" t="inlineStr"><is><t>error</t></is></c><c r="F1" t="inlineStr"><is><t>entity</t></is></c></row>
    <row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="inlineStr"><is><r><t>市</t></r><r><t>北</t></r></is></c><c r="C2" s="1"><v>43105</v></c><c r="D2" s="1"><f>C2+1</f><v>43106</v></c><c r="E2" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="F2" t="str"><f>A2</f><v>&amp;lt;</v></c></row>
  </sheetData></worksheet>`,
  "xl/styles.xml": `<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`,
};
const workbook = zipSync(
  Object.fromEntries(Object.entries(PARTS).map(([name, text]) => [name, strToU8(text)])),
);

test("the workbook is read as it stands", async () => {
  const fixture = await makeFixture({ type: "xlsx", sheet: "名册" });
  fixture.write("a.xlsx", workbook);
  await fixture.pull();
  expect(await fixture.rows()).toEqual([
    {
      _line: 2,
      reading: "漢字",
      rich: "市北",
      date: "2018-01-05",
      formula: "2018-01-06",
      error: "#DIV/0!",
      entity: "&lt;",
    },
  ]);
});

test("the streaming reader of exceljs still gets it wrong; when it no longer does, use it instead of ours", async () => {
  const fixture = await makeFixture();
  const path = fixture.write("a.xlsx", workbook);
  const reader = new ExcelJS.stream.xlsx.WorkbookReader(path, {
    worksheets: "emit",
    sharedStrings: "cache",
    styles: "cache",
  });
  const sheets: { name: string; values: unknown }[] = [];
  for await (const sheet of reader) {
    const { name } = sheet as unknown as { name: string };
    for await (const row of sheet) if (row.number === 2) sheets.push({ name, values: row.values });
  }
  expect(sheets).toEqual([
    {
      name: "Sheet1",
      values: [
        undefined,
        "hanzi",
        "北",
        43105,
        { formula: "C2+1", result: 43106 },
        { formula: "1/0" },
        { formula: "A2", result: "<" },
      ],
    },
  ]);
});
