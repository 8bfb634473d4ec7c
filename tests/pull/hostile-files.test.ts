import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { makeData, Null, Table, tableFromArrays, tableToIPC, Vector } from "apache-arrow";
import { strToU8, zipSync } from "fflate";
import { expect, test, vi } from "vitest";
import { readReadingBounds } from "../../src/config.ts";
import type { Context } from "../../src/context.ts";
import { pull } from "../../src/pull/pull.ts";
import { type Fixture, makeFixture } from "./pull-fixture.ts";

// Each file that ends its reader has the next one wait for another.
vi.setConfig({ testTimeout: 600_000 });

const MEBI = 1 << 20;
const TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/** A workbook of one sheet, from the XML of what stands in and behind its sheetData, or of all of the sheet. */
function workbook(rows: string, behind = "", shared = "<sst/>"): Uint8Array {
  const relation = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${TYPE}/${type}" Target="${target}"/>`;
  const parts = {
    "_rels/.rels": `<Relationships>${relation("a", "officeDocument", "xl/workbook.xml")}</Relationships>`,
    "xl/workbook.xml": `<workbook><sheets><sheet name="S" r:id="b"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships>${relation("b", "worksheet", "sheet.xml")}${relation("c", "sharedStrings", "strings.xml")}</Relationships>`,
    "xl/sheet.xml": /^<[!?]/.test(rows)
      ? rows
      : `<worksheet><sheetData>${HEADER}${rows}</sheetData>${behind}</worksheet>`,
    "xl/strings.xml": shared,
  };
  return zipSync(
    Object.fromEntries(Object.entries(parts).map(([name, xml]) => [name, strToU8(xml)])),
  );
}

const HEADER =
  '<row r="1"><c t="inlineStr"><is><t>a</t></is></c><c t="inlineStr"><is><t>b</t></is></c></row>';

/** Pulls the files beside a good one, and gives what is said of each and what was read. */
async function pullBeside(
  fixture: Fixture,
  files: Readonly<Record<string, string | Uint8Array>>,
  bounds = {},
) {
  for (const [name, content] of Object.entries(files)) fixture.write(name, content);
  const reading = { ...readReadingBounds(), ...bounds };
  const { counts, notes } = await pull({ ...fixture.context, reading } as Context);
  return { counts, told: notes.map(({ en }) => en) };
}

test("a workbook made to overwhelm its reader is refused by name, the good one beside it read", async () => {
  const fixture = await makeFixture({ type: "xlsx" });
  const entities = `<!DOCTYPE x [<!ENTITY a "${"ha".repeat(500)}"><!ENTITY b "${"&a;".repeat(1000)}">]>`;
  const { counts, told } = await pullBeside(fixture, {
    "bomb.xlsx": workbook(" ".repeat(120 * MEBI)),
    "entities.xlsx": workbook(
      `${entities}<worksheet><sheetData><row><c><v>&b;</v></c></row></sheetData></worksheet>`,
    ),
    "far.xlsx": workbook('<row r="2"><c r="ZZZZZZ2"><v>1</v></c></row>'),
    "good.xlsx": workbook('<row r="2"><c><v>1</v></c><c><v>2</v></c></row>'),
    "no-end.xlsx": workbook('<row r="2"><c><v>1</v></c><!-- </row>'),
    "no-string.xlsx": workbook('<row r="2"><c t="s"><v>7</v></c></row>'),
    "stray.xlsx": workbook('<row r="2"><c r="XFD2"><v>1</v></c></row>'),
  });
  expect(counts).toMatchObject({ files: 7, new: 7, refused: 6, rows: 1 });
  expect(told).toEqual([
    expect.stringMatching(/was refused.*grows more than 200 times/),
    expect.stringMatching(/was refused.*no complete XLSX/),
    expect.stringMatching(/was refused.*place that no sheet has/),
    expect.stringMatching(/was refused.*no complete XLSX/),
    expect.stringMatching(/was refused.*no complete XLSX/),
    expect.stringMatching(/was refused.*16384 columns.*ZHENGXIN_READ_COLUMNS/),
  ]);
});

test("XML made so that a pattern would search it over and over is refused at once", async () => {
  const fixture = await makeFixture({ type: "xlsx" });
  const many = (text: string) =>
    workbook(`<!--x--><worksheet><sheetData>${text.repeat((4 * MEBI) / text.length)}<x>`);
  const files = {
    "attributes.xlsx": many('b="'),
    "colons.xlsx": many("a:"),
    "comments.xlsx": many("<!--"),
    "data.xlsx": many("<![CDATA["),
    "names.xlsx": workbook(`<!--x--><worksheet><${"a".repeat(4 * MEBI)}`),
    "slashes.xlsx": many("/"),
    "tags.xlsx": many("<a"),
    "type.xlsx": workbook(`<?xml?>${" ".repeat(9000)}<!DOCTYPE x><worksheet/>`),
  };
  const { counts, told } = await pullBeside(fixture, files, { seconds: 30 });
  expect(counts).toMatchObject({ files: 8, refused: 8 });
  expect(told.filter((sentence) => !/was refused.*no complete XLSX/.test(sentence))).toEqual([]);
});

/** A package whose directory names each part so many times over. */
function repeatDirectory(book: Uint8Array, times: number): Buffer {
  const bytes = Buffer.from(book);
  const end = bytes.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  const from = bytes.readUInt32LE(end + 16);
  const directory = bytes.subarray(from, from + bytes.readUInt32LE(end + 12));
  const tail = Buffer.from(bytes.subarray(end));
  const parts = bytes.readUInt16LE(end + 10) * times;
  tail.writeUInt16LE(parts, 8);
  tail.writeUInt16LE(parts, 10);
  tail.writeUInt32LE(directory.length * times, 12);
  return Buffer.concat([
    bytes.subarray(0, from),
    ...Array.from({ length: times }, () => directory),
    tail,
  ]);
}

test("packages that lie about what is in them are refused, and what they have beside the sheet is not looked at", async () => {
  const fixture = await makeFixture({ type: "xlsx" });
  const good = workbook('<row r="2"><c><v>1</v></c><c><v>2</v></c></row>');
  const strings = ["A", "B"].map((name) => `<si><t>${name}</t></si>`).join("");
  const lying = Buffer.from(good);
  const ENTRY = Buffer.from("PK\x01\x02", "latin1");
  for (let at = lying.indexOf(ENTRY); at >= 0; at = lying.indexOf(ENTRY, at + 4)) {
    lying.writeUInt32LE(0xfffffff0, at + 24);
  }
  const { counts, told } = await pullBeside(fixture, {
    "cyclic.xlsx": zipSync({
      "_rels/.rels": strToU8(
        `<Relationships><Relationship Id="a" Type="${TYPE}/officeDocument" Target="_rels/.rels"/></Relationships>`,
      ),
    }),
    "dimension.xlsx": workbook(
      '<row r="2"><c><v>1</v></c></row>',
      '<dimension ref="A1:XFD1048576"/>',
    ),
    "far-day.xlsx": workbook('<row r="2"><c s="0"><v>1e300</v></c></row>', "", strings),
    "lying.xlsx": lying,
    "many.xlsx": repeatDirectory(good, 5000),
    "zips.xlsx": zipSync({ "../../a.xlsx": good, "b.zip": zipSync({ "c.xlsx": good }) }),
  });
  expect(counts).toMatchObject({ refused: 4, rows: 2 });
  expect(told).toEqual([
    expect.stringMatching(/was refused.*no complete XLSX/),
    expect.stringMatching(/was refused.*larger than 400 MB|was refused.*200 times/),
    expect.stringMatching(/was refused.*no complete XLSX/),
    expect.stringMatching(/was refused.*no complete XLSX/),
  ]);
});

test("rows and merged cells far beyond a sheet cost nothing", async () => {
  const fixture = await makeFixture({ type: "xlsx", merged: "fill" });
  const merged =
    '<mergeCells><mergeCell ref="A2:A1000000000"/><mergeCell ref="A3:XFD1000000"/></mergeCells>';
  const row = '<row r="1000000000"><c r="B1000000000"><v>5</v></c></row>';
  await pullBeside(fixture, {
    "a.xlsx": workbook(`<row r="2"><c><v>1</v></c></row>${row}`, merged),
  });
  expect(await fixture.rows()).toEqual([
    { _line: 2, a: "1", b: "" },
    { _line: 1_000_000_000, a: "1", b: "5" },
  ]);
});

test("one long text many cells share is not written out without end", async () => {
  const fixture = await makeFixture({ type: "xlsx" });
  const rows = Array.from({ length: 400 }, () => '<row><c t="s"><v>0</v></c></row>').join("");
  const shared = `<sst><si><t>${"x".repeat(100_000)}</t></si></sst>`;
  const { told } = await pullBeside(
    fixture,
    { "a.xlsx": workbook(rows, "", shared) },
    { inflated: 10 * MEBI },
  );
  expect(told).toEqual([
    expect.stringMatching(/was refused.*more than 10MB.*ZHENGXIN_READ_INFLATED/),
  ]);
});

test("what is compressed, wide or long beyond measure is refused as text too", async () => {
  const fixture = await makeFixture();
  const { counts, told } = await pullBeside(fixture, {
    "bomb.csv.gz": gzipSync(`a,b\n${"1,2\n".repeat(26 * MEBI)}`),
    "cut.csv.gz": gzipSync(`a,b\n${"1,2\n".repeat(1000)}`).subarray(0, 40),
    // 44 MB, which is harmless by size: 11 million equal rows are not.
    "flood.csv.gz": gzipSync(`a,b\n${"1,2\n".repeat(11 * MEBI)}`),
    "good.csv": "a,b\n1,2\n",
    "name.csv": `${"n".repeat(65_536)},b\n1,2\n`,
    "nul.csv": "\0".repeat(MEBI),
    "one-line.csv": "x".repeat(70 * MEBI),
    "row.csv": `a\n${"x,".repeat(2010)}\n`,
    "unclosed.csv": `a,b\n"1,2\n${"3,4\n".repeat(2000)}`,
    "wide.csv": `${Array.from({ length: 2010 }, (_, at) => `c${at}`).join()}\n`,
  });
  expect(counts).toMatchObject({ refused: 8, rows: 2001, unreadable: 1 });
  expect(told).toEqual([
    expect.stringMatching(/was refused.*200 times/),
    expect.stringMatching(/was refused.*incomplete/),
    expect.stringMatching(/was refused.*The file has 11534336 rows in \d+ bytes/),
    expect.stringMatching(/was refused.*name of column 1 .*longer than 1000/),
    expect.stringMatching(/was refused/),
    expect.stringMatching(/was refused.*without a line break/),
    expect.stringMatching(/was refused.*2011 columns.*ZHENGXIN_READ_COLUMNS/),
    expect.stringMatching(/1 line of the file .* could not be read/),
    expect.stringMatching(/was refused.*2010 columns/),
  ]);
});

test("JSON nested without end is refused as a document and set aside as a line", async () => {
  const deep = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;
  const document = await makeFixture({ type: "json" });
  const { told } = await pullBeside(document, {
    "list.json": "[".repeat(100_000) + "]".repeat(100_000),
    "long.json": `[{"a":"${"x".repeat(20 * MEBI)}","n":12345678901234567890}]`,
    "object.json": deep,
  });
  expect(told).toEqual([
    expect.stringMatching(/was refused.*100 levels.*ZHENGXIN_READ_DEPTH/),
    expect.stringMatching(/was refused.*100 levels/),
  ]);
  expect(await document.rows("json_extract_string(json, '$.n') AS n")).toEqual([
    { n: "12345678901234567890" },
  ]);
  const lines = await makeFixture({ type: "ndjson" });
  await pullBeside(lines, { "a.ndjson": `{"a":1}\n${deep}\n{"a":2}\n` });
  expect((await lines.rows()).map(({ json }) => json)).toEqual(['{"a":1}', '{"a":2}']);
  expect(await lines.quarantined()).toMatchObject([{ line: 2, reason: "unreadable" }]);
});

test("a key that stands twice in an object is told, since nobody can say which value is meant", async () => {
  const document = await makeFixture({ type: "json" });
  const { told } = await pullBeside(document, {
    "colons.json": '[{"a":"\\":","b" : {"a":":x"},"c":["b:","\\\\"]}]',
    "twice.json": '[{"a":1},\n{"b":{"c":1,"d":[{"c":2}],\n"\\u0063":3}}]',
  });
  expect(told).toEqual([expect.stringMatching(/was refused.*the same key twice, on line 3/)]);
  expect(await document.rows("json_extract_string(json, '$.b.a') AS b")).toEqual([{ b: ":x" }]);
  const lines = await makeFixture({ type: "ndjson" });
  await pullBeside(lines, { "a.ndjson": '{"a":1,"b":{"a":2}}\n{"a":1,"a":1}\n{"a":"\\"a\\":"}\n' });
  expect((await lines.rows()).map(({ _line }) => _line)).toEqual([1, 3]);
  expect(await lines.quarantined()).toMatchObject([
    { line: 2, message_en: expect.stringMatching(/^An object in the JSON of line 2 has/) },
  ]);
});

test("whatever ends the process that reads refuses that file alone, and is tried again", async () => {
  const fixture = await makeFixture({ type: "json" });
  const many = `[\n${"[],\n".repeat(6 * MEBI)}[]]`;
  const { counts, told } = await pullBeside(
    fixture,
    { "heavy.json": many, "light.json": '[{"a":1}]' },
    { memory: 250 * MEBI },
  );
  expect(counts).toMatchObject({ refused: 1, rows: 1 });
  expect(told).toEqual([
    expect.stringMatching(/was refused.*more memory than the 250MB.*ZHENGXIN_READ_MEMORY/),
  ]);
  fixture.write("heavy.json", `[\n${"[],\n".repeat(50_000)}[]]`);
  rmSync(join(fixture.folder, "in/light.json"));
  const slow = await pullBeside(fixture, { "slow.json": many }, { seconds: 0.001 });
  expect(slow.told).toContainEqual(
    expect.stringMatching(/was refused.*0.001 seconds.*ZHENGXIN_READ_SECONDS/),
  );
  const format = (await fixture.files()).map((file) => file.format);
  expect(format).toEqual(expect.arrayContaining(["json reader=2", "json reader=2 again"]));
});

test("damaged columnar files are refused, also where only the values are", async () => {
  const fixture = await makeFixture({ type: "parquet" });
  const path = fixture.write("good.parquet", "");
  await fixture.store.run(
    `COPY (SELECT i AS a, 'text ' || i * 7919 % 10007 AS b FROM range(20000) r(i)) TO '${path.replaceAll("'", "''")}' (FORMAT parquet)`,
  );
  const bytes = readFileSync(path);
  const scratched = Buffer.from(bytes);
  scratched.fill(0xff, 100, 4000);
  const { counts, told } = await pullBeside(fixture, {
    "cut.parquet": bytes.subarray(0, bytes.length / 2),
    "nul.parquet": new Uint8Array(5000),
    "scratched.parquet": scratched,
  });
  expect(counts).toMatchObject({ refused: 3, rows: 20_000 });
  expect(told).toEqual(
    Array.from({ length: 3 }, () => expect.stringMatching(/was refused.*no complete Parquet/)),
  );
});

test("Parquet and Arrow that say they hold more than their bytes can are refused", async () => {
  const parquet = await makeFixture({ type: "parquet" });
  const path = parquet.write("many.parquet", "");
  await parquet.store.run(
    `COPY (SELECT NULL::INTEGER AS a FROM range(11000000)) TO '${path.replaceAll("'", "''")}' (FORMAT parquet, ROW_GROUP_SIZE 1000000)`,
  );
  expect((await pullBeside(parquet, {})).told).toEqual([
    expect.stringMatching(/was refused.*200 times/),
  ]);
  const arrow = await makeFixture({ type: "arrow" });
  const nothing = makeData({ type: new Null(), length: 2_000_000_000, nullCount: 2_000_000_000 });
  const good = tableToIPC(tableFromArrays({ a: Int32Array.from({ length: 3000 }, (_, i) => i) }));
  const { counts, told } = await pullBeside(arrow, {
    "cut.arrow": good.subarray(0, good.length / 2),
    "good.arrow": good,
    "magic.arrow": Buffer.from("ARROW1\0\0ARROW1"),
    "null.arrow": tableToIPC(new Table({ a: new Vector([nothing]) }), "file"),
    "wide.arrow": tableToIPC(
      tableFromArrays(
        Object.fromEntries(Array.from({ length: 2010 }, (_, at) => [`c${at}`, [at]])),
      ),
    ),
  });
  expect(counts).toMatchObject({ refused: 4, rows: 3000 });
  expect(told).toEqual([
    expect.stringMatching(/was refused.*no complete Arrow/),
    expect.stringMatching(/was refused.*no complete Arrow/),
    expect.stringMatching(/was refused.*more cells than the 1000000000/),
    expect.stringMatching(/was refused.*2010 columns/),
  ]);
});

test("columns of Parquet are found by their places, whatever they are called", async () => {
  const fixture = await makeFixture({ type: "parquet" });
  const path = fixture.write("a.parquet", "");
  await fixture.store.run(
    `COPY (SELECT 1 AS "\ufeffid", 2 AS a, 3 AS " a", 4 AS "x""y", TIMESTAMPTZ '2018-01-05 00:00:00+00' AS "\u200bat")
     TO '${path.replaceAll("'", "''")}' (FORMAT parquet)`,
  );
  await fixture.pull();
  expect(await fixture.rows()).toEqual([
    { _line: 1, id: 1, a: 2, "a ": 3, 'x"y': 4, at: "2018-01-05 08:00:00" },
  ]);
});

test("links out of the folder, pipes, sockets and devices are left out and told", async () => {
  const fixture = await makeFixture(
    {},
    { connector: { type: "folder", path: "in", match: "**/*" } },
  );
  fixture.write("good.csv", "id\n1\n");
  fixture.write("sub/more.csv", "id\n2\n");
  writeFileSync(join(fixture.folder, "secret.csv"), "root:x:0:0\n");
  const link = (target: string, name: string) =>
    symlinkSync(target, join(fixture.folder, "in", name));
  link("../secret.csv", "secret.csv");
  link("/dev/zero", "zero.csv");
  link("..", "sub/loop");
  link("sub/more.csv", "same.csv");
  execFileSync("mkfifo", [join(fixture.folder, "in/pipe.csv")]);
  link("pipe.csv", "piped.csv");
  // A path of a socket is short by nature; the folder's own is not.
  const socket = join(tmpdir(), `zhengxin-${process.pid}.sock`);
  const server = createServer().listen(socket);
  await new Promise((resolve) => server.once("listening", resolve));
  link(socket, "socket.csv");
  try {
    const { counts, notes } = await fixture.pull();
    expect(counts).toMatchObject({ files: 3, new: 2, known: 1, rows: 2 });
    expect(notes.map(({ en }) => en)).toEqual([
      expect.stringMatching(/: in the source's folder 1 symbolic links lead out of the folder/),
      expect.stringMatching(/1 symbolic links lead to a folder/),
      expect.stringMatching(/4 entries are pipes, sockets or devices/),
    ]);
    expect(JSON.stringify(await fixture.rows())).not.toContain("root");
  } finally {
    server.close();
  }
});
