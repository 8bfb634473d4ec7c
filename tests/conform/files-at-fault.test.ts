import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { strToU8, zipSync } from "fflate";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { checkDelivery } from "../../src/check/delivery.ts";
import { conform } from "../../src/conform/conform.ts";
import { findAtFault, tryAgain } from "../../src/conform/files-at-fault.ts";
import type { RawFile } from "../../src/conform/raw-files.ts";
import { pull } from "../../src/pull/pull.ts";
import { quoteLiteral } from "../../src/store/sql-file.ts";
import { Store } from "../../src/store/store.ts";
import { type Bench, openBench } from "./fixture.ts";
import { BODIES } from "./sources.ts";

vi.setConfig({ testTimeout: 300_000 });

let bench: Bench;
afterEach(() => bench?.close());

/** Rows of a bomb, each with the same text, which is short in the file and 90 MB in all its rows. */
const ROWS = 2000;
/** What DuckDB is given: less than the text of one of its vectors (2,048 rows). */
const TIGHT = "70MB";
const LONG = "x".repeat(45_000);

interface Honour {
  readonly id: string;
  readonly title: string;
}

/** A good file and a bomb in each format. */
const WRITERS: Readonly<
  Record<string, (rows: readonly Honour[]) => Promise<Uint8Array> | Uint8Array>
> = {
  "csv.gz": (rows) =>
    gzipSync(
      [
        "id,body,title,day",
        ...rows.map(({ id, title }) => `${id},370202,${title},2018-05-01`),
      ].join("\n"),
    ),
  "ndjson.gz": (rows) => gzipSync(rows.map((row) => JSON.stringify(whole(row))).join("\n")),
  parquet: writeParquet,
  arrow: (rows) => {
    const columns = rows.map(whole);
    const of = (name: keyof ReturnType<typeof whole>) => columns.map((row) => row[name]);
    return tableToIPC(
      tableFromArrays({ id: of("id"), body: of("body"), title: of("title"), day: of("day") }),
    );
  },
  xlsx: writeWorkbook,
};

function whole({ id, title }: Honour) {
  return { id, body: "370202", title, day: "2018-05-01" };
}

async function writeParquet(rows: readonly Honour[]): Promise<Uint8Array> {
  const store = await Store.scratch({ memory: "1GB", threads: 1 });
  const path = join(bench.folder, "made.parquet");
  try {
    await store.run(
      `COPY (SELECT r.id AS id, '370202' AS body, t.title, '2018-05-01' AS day FROM (
         SELECT unnest(CAST(CAST($ids AS JSON) AS VARCHAR[])) AS id) r CROSS JOIN (SELECT CAST($title AS VARCHAR) AS title) t
       ) TO ${quoteLiteral(path)} (FORMAT parquet, COMPRESSION zstd, STRING_DICTIONARY_PAGE_SIZE_LIMIT 100000000)`,
      { ids: JSON.stringify(rows.map(({ id }) => id)), title: rows[0]?.title ?? "" },
    );
    return readFileSync(path);
  } finally {
    store.close();
    rmSync(path, { force: true });
  }
}

function writeWorkbook(rows: readonly Honour[]): Uint8Array {
  const type = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
  const lines = rows.map(
    ({ id }) => `<row>${cell(id)}${cell("370202")}<c t="s"><v>0</v></c>${cell("2018-05-01")}</row>`,
  );
  const relation = (id: string, name: string, target: string) =>
    `<Relationship Id="${id}" Type="${type}/${name}" Target="${target}"/>`;
  const parts = {
    "_rels/.rels": `<Relationships>${relation("a", "officeDocument", "xl/workbook.xml")}</Relationships>`,
    "xl/workbook.xml": `<workbook><sheets><sheet name="S" r:id="b"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships>${relation("b", "worksheet", "sheet.xml")}${relation("c", "sharedStrings", "strings.xml")}</Relationships>`,
    "xl/sheet.xml": `<worksheet><sheetData><row>${["id", "body", "title", "day"].map(cell).join("")}</row>${lines.join("")}</sheetData></worksheet>`,
    "xl/strings.xml": `<sst><si><t>${rows[0]?.title}</t></si></sst>`,
  };
  const packed = Object.entries(parts).map(([name, xml]) => [name, strToU8(xml)] as const);
  return zipSync(Object.fromEntries(packed));
}

function sourceOf(format: string): string {
  const type = format.split(".")[0];
  return `
source: of-${type}
title: { zh: 荣誉（${type}）, en: Honours in ${type} }
owner: { zh: 某局, en: Some bureau }
connector: { type: folder, path: in/${type}, match: "*" }
format: { type: ${type} }
kind: honour
key: [record_key]
valid: { from: awarded_on }
known_at: { date: 2018-06-01 }
columns:
  record_key: { from: id }
  entity_id: { from: body, entity: [gb2260] }
  title: { from: title }
  rank: { value: municipal }
  awarded_on: { from: day }
expectations: { quarantine_share: 1 }
`;
}

const FORMATS = Object.keys(WRITERS);
const typeOf = (format: string) => format.split(".")[0] as string;

/** Lays two good files of each format into folders, and between them a bomb. */
async function deliverAll(folder: string) {
  mkdirSync(join(folder, "x"));
  writeFileSync(join(folder, "x/b.csv"), "id,name,uscc\n370202,市南区,\n");
  const bombs = new Map<string, string>();
  const good: string[] = [];
  for (const format of FORMATS) {
    const type = typeOf(format);
    mkdirSync(join(folder, "in", type), { recursive: true });
    const put = async (name: string, rows: readonly Honour[]) => {
      const bytes = await (WRITERS[format] as (typeof WRITERS)[string])(rows);
      writeFileSync(join(folder, "in", type, `${name}.${format}`), bytes);
      return createHash("sha256").update(bytes).digest("hex").slice(0, 12);
    };
    for (const part of ["a", "z"]) {
      const ids = [`${type}-${part}1`, `${type}-${part}2`];
      await put(
        part,
        ids.map((id) => ({ id, title: "好" })),
      );
      good.push(...ids);
    }
    const rows = Array.from({ length: ROWS }, (_, n) => ({ id: `bomb-${n}`, title: LONG }));
    bombs.set(type, await put("m", rows));
  }
  return { bombs, good };
}

test("of bombs in every format among good files each is named, and all good records are there; with more memory they are tried again", async () => {
  const sources = [BODIES, ...FORMATS.map(sourceOf)];
  const folder = mkdtempSync(join(tmpdir(), "bombs-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  bench = await openBench(sources, { folder });
  const { bombs, good } = await deliverAll(folder);
  expect((await pull(bench.context)).notes).toEqual([]);
  bench.close();
  bench = await openBench(sources, { folder, memory: TIGHT });
  const { counts, notes } = await bench.conform();
  const held = async () =>
    (await bench.rows<{ id: string }>("SELECT record_key AS id FROM core.honour")).map(
      ({ id }) => id,
    );
  expect((await held()).sort()).toEqual(good.sort());
  expect(counts).toMatchObject({ refused: 5 });
  expect(notes).toHaveLength(5);
  for (const [type, label] of bombs) {
    const own = notes.filter(({ en }) => en.includes(`The file ${label} was not used`));
    expect(own, type).toHaveLength(1);
    expect(own[0]?.en, type).toMatch(/--memory \(setting ZHENGXIN_MEMORY\)/);
    expect(own[0]?.zh, type).toMatch(/--memory（设置 ZHENGXIN_MEMORY）/);
  }
  expect((await bench.conform()).counts).toMatchObject({ files: 0, refused: 0 });
  bench.close();
  bench = await openBench(sources, { folder, memory: "2GB" });
  expect((await bench.conform()).counts).toMatchObject({ files: 5, refused: 0 });
  expect(await held()).toHaveLength(good.length + 5 * ROWS);
});

test.each([
  ["most of its memory", [50_000]],
  ["nearly all of it, too much to begin", [50_000, 1000]],
])("a database from which %s was taken before: no file is blamed", async (_what, steps) => {
  const folder = mkdtempSync(join(tmpdir(), "ballast-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  bench = await openBench([BODIES, sourceOf("csv.gz")], { folder });
  layBodies(folder);
  const ids = Array.from({ length: 200_000 }, (_, n) => ({ id: `good-${n}`, title: "好" }));
  deliverTable(folder, "good", ids);
  await pull(bench.context);
  bench.close();
  bench = await openBench([BODIES, sourceOf("csv.gz")], { folder, memory: TIGHT });
  // Indexes of temporary tables are never put aside.
  await bench.rows("CREATE TEMP TABLE ballast (i BIGINT PRIMARY KEY)");
  let from = 0;
  for (const step of steps) {
    for (; ; from += step) {
      const more = `INSERT INTO ballast SELECT range FROM range(${from}, ${from + step})`;
      const failure = await bench.rows(more).catch((error: unknown) => error);
      if (failure instanceof Error) break;
    }
  }
  const { counts, notes } = await bench.conform();
  expect(notes).toEqual([]);
  expect(counts).toMatchObject({ rows: 200_001, refused: 0 });
});

function layBodies(folder: string) {
  mkdirSync(join(folder, "x"));
  writeFileSync(join(folder, "x/b.csv"), "id,name,uscc\n370202,市南区,\n");
  mkdirSync(join(folder, "in/csv"), { recursive: true });
}

function deliverTable(folder: string, name: string, rows: readonly Honour[]) {
  const lines = rows.map(({ id, title }) => `${id},370202,${title},2018-05-01`);
  const text = ["id,body,title,day", ...lines].join("\n");
  writeFileSync(join(folder, `in/csv/${name}.csv`), text);
}

async function versionOf({ rows }: Bench): Promise<string> {
  const [found] = await rows<{ version: string }>("SELECT version() AS version");
  return found?.version ?? "";
}

/** Digits that look like an identity card: each takes a close look. */
const SLOW = "11010519491231002X ".repeat(2300);

test("of files that take too long each is named with the setting, and good ones beside it are used", async () => {
  const sources = [BODIES, sourceOf("csv.gz")];
  bench = await openBench(sources, { memory: "2GB" });
  const { folder } = bench;
  layBodies(folder);
  deliverTable(folder, "a", [{ id: "a", title: "好" }]);
  const slow = Array.from({ length: 2 * ROWS }, (_, n) => ({ id: `slow-${n}`, title: SLOW }));
  deliverTable(folder, "m", slow);
  deliverTable(folder, "z", [{ id: "z", title: "好" }]);
  await pull(bench.context);
  const conformWithin = (conformSeconds: number) =>
    conform({ ...bench.context, conformSeconds }, checkDelivery);
  const held = () => bench.rows("SELECT record_key AS id FROM core.honour WHERE length(title) = 1");
  const { counts, notes } = await conformWithin(4);
  expect(counts).toMatchObject({ files: 3, rows: 3, refused: 1 });
  const [{ zh, en } = { zh: "", en: "" }] = notes;
  expect(zh).toMatch(/文件 \w{12} 未采用：处理其内容超过 4 秒.*ZHENGXIN_CONFORM_SECONDS/);
  expect(en).toMatch(/The file \w{12} was not used.*4 seconds.*ZHENGXIN_CONFORM_SECONDS/);
  expect(await held()).toHaveLength(2);
  expect((await conformWithin(4)).counts).toMatchObject({ files: 0, refused: 0 });
  await tryAgain({ ...bench.context, conformSeconds: 5 }, await versionOf(bench));
  const left = "SELECT file_id FROM raw.file WHERE refused_because IS NOT NULL";
  expect(await bench.rows(left)).toEqual([]);
});

test("the largest files are suspected first, then all, then halves; what no file does alone the largest answers for, and nobody for what does not happen again", async () => {
  const files = [5, 1, 9, 3, 9].map(
    (row_count, at) => ({ file_id: at, row_count, file_hash: `h${at}` }) as RawFile,
  );
  const asked: string[] = [];
  const find = async (bad: (rows: readonly number[]) => boolean) => {
    asked.length = 0;
    const found = await findAtFault(files, async (some) => {
      asked.push(some.map(({ file_id }) => file_id).join(""));
      return bad(some.map(({ row_count }) => row_count));
    });
    return found.map(({ file_id }) => file_id);
  };
  expect(await find((rows) => rows.includes(9))).toEqual([2, 4]);
  expect(asked).toEqual(["2", "4", "0"]);
  expect(await find((rows) => rows.includes(1))).toEqual([1]);
  expect(asked).toEqual(["2", "24031", "240", "31", "3", "1"]);
  expect(await find((rows) => rows.reduce((sum, row) => sum + row, 0) > 20)).toEqual([2]);
  expect(await find(() => false)).toEqual([]);
  expect(asked).toEqual(["2", "24031"]);
});
