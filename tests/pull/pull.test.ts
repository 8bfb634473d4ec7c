import { createHash } from "node:crypto";
import { readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Context } from "../../src/context.ts";
import { pull } from "../../src/pull/pull.ts";
import { stopReading } from "../../src/pull/reading-process.ts";
import { refreshViews } from "../../src/pull/views.ts";
import type { SourceDefinition } from "../../src/standard/source-definition.ts";
import { type Fixture, makeFixture } from "./pull-fixture.ts";

const rawFolder = ({ folder }: Fixture) => join(folder, "data", "raw", "letters");
const hashOf = (content: string) => createHash("sha256").update(content).digest("hex");

async function state(fixture: Fixture) {
  return {
    files: await fixture.files(),
    batches: await fixture.store.rows("SELECT * FROM raw.batch ORDER BY batch_id"),
    rows: await fixture.rows("*"),
    quarantined: await fixture.quarantined(),
    kept: readdirSync(rawFolder(fixture)).sort(),
  };
}

test("a file is kept by its hash and written down with its batch", async () => {
  const fixture = await makeFixture();
  const [a, b] = ["id\n1\n2\n", "id\n3\n"];
  fixture.write("a.csv", a);
  fixture.write("b.csv", b);
  const outcome = await fixture.pull();
  expect(outcome).toEqual({
    stage: "pull",
    counts: { files: 2, new: 2, known: 0, refused: 0, rows: 3, unreadable: 0 },
    notes: [],
  });
  const batch_id = hashOf(`letters\n${hashOf(a)}\n${hashOf(b)}`);
  expect(await fixture.files()).toMatchObject([
    {
      file_id: 1,
      batch_id,
      source_id: "letters",
      file_name: "a.csv",
      file_hash: hashOf(a),
      bytes: 7,
      format: "csv reader=2",
      row_count: 2,
      parquet_path: `raw/letters/${hashOf(a)}.parquet`,
      received_at: "2019-01-10 00:00:00",
      conformed: false,
      refused_because: null,
    },
    { file_id: 2, batch_id, file_hash: hashOf(b), row_count: 1 },
  ]);
  expect(await fixture.rows("*")).toEqual([
    { _file_id: 1, _line: 2, id: "1" },
    { _file_id: 1, _line: 3, id: "2" },
    { _file_id: 2, _line: 2, id: "3" },
  ]);
});

test("the same content changes nothing, under the same name or another, in this pull or a later one", async () => {
  const fixture = await makeFixture();
  fixture.write("a.csv", "id,t\n1,x\n2\n");
  await fixture.pull();
  const first = await state(fixture);
  fixture.write("b.csv", "id,t\n1,x\n2\n");
  const again = await fixture.pull();
  expect(again.counts).toMatchObject({ files: 2, new: 0, known: 2 });
  expect(await state(fixture)).toEqual(first);
  rmSync(join(fixture.folder, "in", "a.csv"));
  await fixture.pull();
  expect(await state(fixture)).toEqual(first);

  const twice = await makeFixture();
  twice.write("a.csv", "id\n1\n");
  twice.write("b.csv", "id\n1\n");
  expect((await twice.pull()).counts).toMatchObject({ new: 1, known: 1, rows: 1 });
});

test("a later delivery is a batch of its own; what is gone from the folder stays", async () => {
  const fixture = await makeFixture();
  fixture.write("a.csv", "id\n1\n");
  await fixture.pull();
  fixture.write("a.csv", "id\n1\n2\n");
  await fixture.pull();
  expect((await fixture.files()).map(({ file_id, row_count }) => [file_id, row_count])).toEqual([
    [1, 1],
    [2, 2],
  ]);
  expect(await fixture.store.row("SELECT count(*) AS n FROM raw.batch")).toEqual({ n: 2 });
});

test("a run killed between the renaming and the commit is healed by the next", async () => {
  const expected = await makeFixture();
  const fixture = await makeFixture();
  for (const { write } of [expected, fixture]) {
    write("a.csv", "id,t\n1,x\n2\n");
    write("b.csv", "id,t\n3,y\n");
  }
  await expected.pull();
  const killed = Object.create(fixture.store, {
    transaction: { value: () => Promise.reject(new Error("killed")) },
  });
  await expect(pull({ ...fixture.context, store: killed } as Context)).rejects.toThrow("killed");
  expect(readdirSync(rawFolder(fixture))).toHaveLength(2);
  expect(await fixture.files()).toEqual([]);
  // What a killed run may leave besides: half-written files, and a finished one whose content cannot be relied on.
  writeFileSync(join(rawFolder(fixture), "x.parquet.part"), "half");
  writeFileSync(join(rawFolder(fixture), `${hashOf("id,t\n3,y\n")}.parquet`), "nonsense");
  await fixture.pull();
  expect(await state(fixture)).toEqual(await state(expected));
});

test("an error that is not the file's fault leaves nothing written down", async () => {
  const fixture = await makeFixture();
  fixture.write("a.csv", "id\n1\n");
  // A process that is stopped while it reads says nothing of the file.
  const stopped = expect(fixture.pull()).rejects.toThrow("the program stops");
  const stopping = setInterval(stopReading, 1);
  await stopped;
  clearInterval(stopping);
  expect(await fixture.files()).toEqual([]);
  expect(readdirSync(rawFolder(fixture))).toEqual([]);
  expect((await fixture.pull()).counts).toMatchObject({ new: 1, rows: 1 });
});

test("a Parquet file that has disappeared is made again under the same id", async () => {
  const fixture = await makeFixture();
  fixture.write("a.csv", "id\n1\n");
  await fixture.pull();
  await fixture.store.run("UPDATE raw.file SET conformed = true");
  const before = await state(fixture);
  rmSync(rawFolder(fixture), { recursive: true });
  await fixture.pull();
  expect(await state(fixture)).toEqual(before);
  rmSync(rawFolder(fixture), { recursive: true });
  rmSync(join(fixture.folder, "in", "a.csv"));
  await expect(fixture.pull()).rejects.toThrow(/of the source "letters" is gone/);
});

test("a file is read again, under the same id, when the source's format says otherwise", async () => {
  const fixture = await makeFixture({ encoding: "utf-8" });
  fixture.write("a.csv", Buffer.from([0xbc, 0xd7, 0x0a, 0x31, 0x0a]));
  fixture.write("b.csv", "id\n2\n3,x\n");
  await fixture.pull();
  expect(await fixture.quarantined()).toHaveLength(1);
  expect((await fixture.files())[0]?.refused_because).toContain("gb18030");
  const [source] = fixture.context.sources as [SourceDefinition];
  const corrected = { ...source, format: { ...source.format, encoding: "gb18030" as const } };
  await fixture.store.run("UPDATE raw.file SET conformed = true");
  const outcome = await pull({ ...fixture.context, sources: [corrected] });
  expect(outcome.counts).toMatchObject({ new: 2, known: 0 });
  expect(await fixture.files()).toMatchObject([
    {
      file_id: 1,
      format: "csv reader=2 encoding=gb18030",
      refused_because: null,
      row_count: 1,
      conformed: false,
    },
    { file_id: 2, format: "csv reader=2 encoding=gb18030", conformed: false },
  ]);
  expect(await fixture.quarantined()).toHaveLength(1);
  expect((await pull({ ...fixture.context, sources: [corrected] })).counts).toMatchObject({
    new: 0,
    known: 2,
  });
  // Back to the wrong definition: the first file is refused again, and its view does not outlive that.
  await fixture.pull();
  expect(await fixture.files()).toMatchObject([
    { file_id: 1, parquet_path: "", row_count: 0 },
    { file_id: 2, row_count: 1 },
  ]);
  expect(await fixture.rows("*")).toEqual([{ _file_id: 2, _line: 2, id: "2" }]);
  await expect(fixture.store.rows('SELECT * FROM raw."letters#1"')).rejects.toThrow(
    "Catalog Error",
  );
});

test("a refused file is not read again, and the clerk is told once, in both languages", async () => {
  const fixture = await makeFixture();
  fixture.write("a.csv", "id,_line\n1,2\n");
  const [note] = (await fixture.pull()).notes;
  const label = String((await fixture.files())[0]?.file_hash).slice(0, 12);
  expect(note?.zh).toContain(`来信：文件 ${label} 未能读取。表头第 2 列的名称由系统保留`);
  expect(note?.en).toContain(`Letters: the file ${label} was refused. The name of column 2`);
  const again = await fixture.pull();
  expect(again.counts).toMatchObject({ new: 0, known: 1 });
  expect(again.notes).toEqual([]);
});

test("lines of a source about persons are masked in the quarantine, their build still to be seen", async () => {
  const person = { from: "姓名", person: { role: "caller", field: "name" } };
  const sources: Partial<SourceDefinition>[] = [
    { columns: { caller_ref: person } as unknown as SourceDefinition["columns"] },
    { restricted: [{ from: "姓名", role: "caller", field: "name", of: "caller_ref" }] },
  ];
  for (const source of sources) {
    const fixture = await makeFixture({}, source);
    fixture.write("a.csv", '编号,姓名\n1,张三,37020219800101001X\n2,"李四\n3,王五\n');
    await fixture.pull();
    const rows = await fixture.quarantined();
    expect(rows.map(({ line, value }) => [line, value])).toEqual([
      [2, "*,*,*"],
      [3, '*,"*'],
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/张三|李四|3702/);
  }
});

test("lines of a source without persons are shown as they are", async () => {
  const fixture = await makeFixture();
  fixture.write("a.csv", "id,t\r\n1,x,y\r\n");
  await fixture.pull();
  expect(await fixture.quarantined()).toEqual([
    {
      source_id: "letters",
      file_id: 1,
      line: 2,
      column_name: null,
      value: "1,x,y",
      reason: "unreadable",
      message_zh: "第 2 行有 3 个字段，表头有 2 个。请在原文件中更正后重新报送。",
      message_en:
        "Line 2 has 3 fields where the header has 2. Correct it in the file and deliver the file again.",
    },
  ]);
});

test("a file that changes while it is read is left for the next pull", async () => {
  const fixture = await makeFixture();
  const path = fixture.write("a.csv", "id\n1\n");
  const { context } = fixture;
  // Asked for when the file has been hashed and is about to be read.
  const meddling = {
    ...context.pipeline,
    get time_zone() {
      writeFileSync(path, "id\n1\n2\n");
      return "Asia/Shanghai";
    },
  };
  const outcome = await pull({ ...context, pipeline: meddling });
  expect(outcome.counts).toMatchObject({ files: 1, new: 0, rows: 0 });
  expect(outcome.notes[0]?.en).toContain(
    "file number 1, in the order of their names, was still changing",
  );
  expect(readdirSync(rawFolder(fixture))).toEqual([]);
  expect((await fixture.pull()).counts).toMatchObject({ new: 1, rows: 2 });
});

test("a file that cannot be opened is told of and left out, the others are read", async () => {
  const fixture = await makeFixture();
  fixture.write("b.csv", "id\n1\n");
  symlinkSync("nowhere.csv", join(fixture.folder, "in", "a.csv"));
  symlinkSync("c.csv", join(fixture.folder, "in", "c.csv"));
  const outcome = await fixture.pull();
  expect(outcome.counts).toMatchObject({ files: 3, new: 1, rows: 1 });
  expect(outcome.notes.map(({ en }) => en)).toEqual([
    expect.stringContaining(
      "file number 1, in the order of their names, cannot be opened (ENOENT)",
    ),
    expect.stringContaining("file number 3, in the order of their names, cannot be opened (ELOOP)"),
  ]);
});

test("a folder that is not there gives a note and an empty view", async () => {
  const fixture = await makeFixture();
  const outcome = await fixture.pull();
  expect(outcome.notes[0]?.en).toBe("Letters: no file matching * was found below in.");
  expect(await fixture.rows("*")).toEqual([]);
});

test("views can be made again from raw.file alone, wherever the data folder stands", async () => {
  const fixture = await makeFixture();
  fixture.write("a.csv", "id\n1\n");
  fixture.write("b.csv", "t\nx\n");
  await fixture.pull();
  const before = await fixture.rows("*");
  await fixture.store.run("DROP VIEW raw.letters");
  rmSync(join(fixture.folder, "in"), { recursive: true });
  await refreshViews(fixture.context);
  expect(await fixture.rows("*")).toEqual(before);
  expect(before).toEqual([
    { _file_id: 1, _line: 2, id: "1", t: null },
    { _file_id: 2, _line: 2, id: null, t: "x" },
  ]);
  expect(await fixture.store.rows('SELECT * FROM raw."letters#2"')).toEqual([
    { _file_id: 2, _line: 2, t: "x" },
  ]);
});

test("progress goes from the first file to the last", async () => {
  const fixture = await makeFixture();
  fixture.write("a.csv", "id\n1\n");
  fixture.write("b.csv", "id\n2\n");
  const steps: unknown[] = [];
  await pull({
    ...fixture.context,
    progress: { step: (...step) => void steps.push(step) },
  });
  expect(steps).toEqual([
    ["pull", 0, 2, "letters 1/2"],
    ["pull", 1, 2, "letters 2/2"],
    ["pull", 2, 2],
  ]);
});
