import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openFixture } from "./connect-fixture.ts";

const ROWS = "id,at\n1,2018-01-05\n";
const open = (more = "settle_seconds: 0") =>
  openFixture(`{ type: watched-folder, path: drop, ${more} }`, "{ type: csv }");

test("whole files are taken as they are, below folders too, each once", async () => {
  const fixture = await open('settle_seconds: 0, match: "**/*.csv"');
  fixture.write("drop/a.csv", ROWS);
  fixture.write("drop/2018/乙 [1].csv", `${ROWS}2,2018-01-06\n`);
  fixture.write("drop/readme.txt", "not wanted");
  expect(await fixture.fetch()).toBe(2);
  expect(await fixture.fetch()).toBe(0);
  expect(await fixture.names()).toEqual(["2018/乙 [1].csv", "a.csv"]);
  expect((await fixture.contents())[1]).toBe(ROWS);
  const outcome = await fixture.pull();
  expect(outcome.counts).toMatchObject({ files: 2, new: 2, rows: 3 });
  expect(
    await fixture.store.rows("SELECT file_name, CAST(received_at AS VARCHAR) AS at FROM raw.file"),
  ).toEqual([
    { file_name: "2018/乙 [1].csv", at: "2019-01-10 12:00:00" },
    { file_name: "a.csv", at: "2019-01-10 12:00:00" },
  ]);
  // Where each came from, and in which version.
  const [a] = await fixture.store.rows<{ address: string; version: string }>(
    "SELECT address, version FROM raw.received WHERE file_name = 'a.csv'",
  );
  expect(a?.address).toBe(join(fixture.folder, "drop/a.csv"));
  expect(a?.version).toContain("19 bytes");
});

test("names of files being written are passed over, until they are renamed", async () => {
  const fixture = await open('settle_seconds: 0, temporary: ["*.upload"]');
  const names = ["a.csv.part", "b.TMP", "c.csv.filepart", "~$d.csv", ".e.csv", "f.crdownload"];
  for (const name of [...names, "g.upload", ".hidden/h.csv"]) fixture.write(`drop/${name}`, ROWS);
  expect(await fixture.fetch()).toBe(0);
  renameSync(join(fixture.folder, "drop/a.csv.part"), join(fixture.folder, "drop/a.csv"));
  expect(await fixture.fetch()).toBe(1);
  expect(await fixture.names()).toEqual(["a.csv"]);
});

test("a file that is still growing is left alone, and taken whole when it stands still", async () => {
  const fixture = await open("settle_seconds: 0.4");
  const path = fixture.write("drop/a.csv", "id,at\n");
  const writer = openSync(path, "a");
  let line = 0;
  const writing = setInterval(() => writeSync(writer, `${++line},2018-01-05\n`), 50);
  expect(await fixture.fetch()).toBe(0);
  clearInterval(writing);
  closeSync(writer);
  expect(await fixture.fetch()).toBe(1);
  const [text] = await fixture.contents();
  expect(text?.split("\n")).toHaveLength(line + 2);
});

test("one that is rewritten within the time, as long as before, is told by its time", async () => {
  const fixture = await open("settle_seconds: 0.3");
  const path = fixture.write("drop/a.csv", ROWS);
  let round = 0;
  const rewriting = setInterval(() => {
    writeFileSync(path, ROWS.replace("1,", `${++round % 9},`));
  }, 50);
  expect(await fixture.fetch()).toBe(0);
  clearInterval(rewriting);
});

test("a marker beside the file says that it is whole", async () => {
  const fixture = await open("settle_seconds: 0, done_marker: .done");
  fixture.write("drop/a.csv", ROWS);
  fixture.write("drop/b.csv", `${ROWS}2,x\n`);
  fixture.write("drop/b.csv.done", "");
  expect(await fixture.fetch()).toBe(1);
  expect(await fixture.names()).toEqual(["b.csv"]);
  fixture.write("drop/a.csv.done", "");
  expect(await fixture.fetch()).toBe(1);
});

test("another content under the same name is another file; the same content under another name is none", async () => {
  const fixture = await open();
  fixture.write("drop/a.csv", ROWS);
  await fixture.pull();
  fixture.write("drop/a.csv", `${ROWS}2,2018-01-06\n`);
  fixture.write("drop/copy.csv", ROWS);
  const outcome = await fixture.pull();
  expect(outcome.counts).toMatchObject({ new: 1, known: 1 });
  // Touched, but not changed: looked at again, and known.
  utimesSync(join(fixture.folder, "drop/copy.csv"), 1, 1);
  expect((await fixture.pull()).counts).toMatchObject({ new: 0 });
  expect(await fixture.store.rows("SELECT 1 FROM raw.file")).toHaveLength(2);
});

test("what is picked up can be removed, with its marker, but never before it is kept", async () => {
  const fixture = await open("settle_seconds: 0, done_marker: .done, after: remove");
  fixture.write("drop/a.csv", ROWS);
  fixture.write("drop/a.csv.done", "");
  fixture.write("drop/b.csv", ROWS);
  await fixture.fetch();
  const there = (name: string) => existsSync(join(fixture.folder, "drop", name));
  expect(["a.csv", "a.csv.done", "b.csv"].filter(there)).toEqual(["b.csv"]);
  expect(await fixture.contents()).toEqual([ROWS]);
  expect((await fixture.pull()).counts).toMatchObject({ rows: 1 });
});

test("a link within the folder is followed, one out of it told, one to nowhere passed over; a folder that is not there is a fault to mend", async () => {
  const fixture = await open();
  const error = await fixture.fail();
  expect(error.name).toBe("PermanentFetchError");
  expect(error.message).toContain("ENOENT");
  expect(error.sentence.zh).toContain("是否已挂载");
  mkdirSync(join(fixture.folder, "drop"));
  symlinkSync(fixture.write("elsewhere/real.csv", ROWS), join(fixture.folder, "drop/link.csv"));
  symlinkSync(join(fixture.folder, "nowhere"), join(fixture.folder, "drop/dangling.csv"));
  fixture.write("drop/.kept/inside.csv", `${ROWS}2,2018-01-06\n`);
  symlinkSync(".kept/inside.csv", join(fixture.folder, "drop/inside.csv"));
  expect(await fixture.fetch()).toBe(1);
  expect(await fixture.contents()).toEqual([`${ROWS}2,2018-01-06\n`]);
  expect((await fixture.pull()).notes.map(({ en }) => en)).toEqual([
    expect.stringContaining("1 symbolic links lead out of the folder"),
  ]);
});

test("bytes that were received stay, whatever becomes of the delivery", async () => {
  const fixture = await open();
  const path = fixture.write("drop/a.csv", ROWS);
  await fixture.fetch();
  appendFileSync(path, "garbage");
  renameSync(path, `${path}.tmp`);
  expect((await fixture.pull()).counts).toMatchObject({ new: 1, rows: 1 });
  expect(await fixture.rows()).toEqual([{ id: "1", at: "2018-01-05" }]);
});
