import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeBatches } from "../../src/store/arrow-batches.ts";
import { LockedStore } from "../../src/store/locked-store.ts";
import { loadNativeDuckdb } from "../../src/store/native-duckdb.ts";
import { NativeStore } from "../../src/store/native-store.ts";
import { type ResultSource, sourceOf } from "../../src/store/vector-access.ts";

const folder = mkdtempSync(join(tmpdir(), "native-"));
const file = join(folder, "published.duckdb");
let locked: LockedStore;
let store: NativeStore;

beforeAll(async () => {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run(`CREATE TABLE many AS SELECT
    range AS i, CAST(range AS INTEGER) AS n, range / 7 AS x, range % 3 = 0 AS flag,
    CAST(range % 100 AS TINYINT) AS tiny, CAST(range AS HUGEINT) * 10000000000000000000 AS huge,
    ['市南区', '市北区', 'a text of more than twelve bytes'][1 + range % 3] AS word,
    'text number ' || range || repeat('长', range % 7) AS text,
    CAST(range % 2 = 0 AS VARCHAR)::ENUM('true', 'false') AS chosen,
    CAST(range AS DECIMAL(18, 2)) / 4 AS money, CAST(range % 99 AS DECIMAL(4, 2)) AS small,
    DATE '2018-01-01' + CAST(range AS INTEGER) AS day, TIMESTAMP '2018-01-01' + to_seconds(range) AS moment,
    to_months(CAST(range AS INTEGER)) AS span, 'bytes'::BLOB AS bytes,
    [range, NULL, range + 1] AS list, [['a', 'b' || range]] AS lists, {'a': range, 'b': ['x' || range]} AS pair,
    CAST([range, 1, 2] AS BIGINT[3]) AS three, MAP {'k' || range: range} AS map, json_object('a', range) AS json, NULL AS nothing
    FROM range(10000)`);
  // A NULL in every fifth row of every column.
  const names = (await connection.runAndReadAll("DESCRIBE many")).getRows().map(([name]) => name);
  await connection.run("CREATE TABLE t AS FROM many");
  for (const [at, name] of names.entries()) {
    await connection.run(`UPDATE t SET ${name} = NULL WHERE rowid % 5 = ${at % 5}`);
  }
  connection.closeSync();
  instance.closeSync();
  const options = { memory: "200MB", threads: 1, spill: folder, spillSize: "50MB" };
  locked = await LockedStore.open([file], options);
  const native = await loadNativeDuckdb();
  if (!native) throw new Error("DuckDB's library cannot be called here.");
  store = NativeStore.open(native, [file], options);
});
afterAll(() => {
  store.close();
  locked.close();
  rmSync(folder, { recursive: true });
});

async function gather(source: ResultSource): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const bytes of writeBatches(source, "stream", { dictionaries: true })) {
    pieces.push(bytes);
  }
  return Buffer.concat(pieces);
}

test.each([
  "FROM t",
  "FROM t ORDER BY text DESC",
  "FROM many",
  "SELECT i, list FROM t WHERE false",
])("what is read from memory is what DuckDB's package for Node reads: %s", async (sql) => {
  const source = await store.stream({ text: sql });
  const other = sourceOf(await locked.stream({ text: sql }));
  expect(source.names).toEqual(other.names);
  expect(source.types.map(String)).toEqual(other.types.map(String));
  expect((await gather(source)).equals(await gather(other))).toBe(true);
});

test("faults are told as DuckDB tells them, midway too, and the next question is answered", async () => {
  await expect(store.stream({ text: "SELEC 1" })).rejects.toThrow(/"exception_type":"Parser"/);
  await expect(store.stream({ text: "SELECT nowhere FROM t" })).rejects.toThrow(
    /"exception_type":"Binder"/,
  );
  await expect(store.stream({ text: "CREATE TABLE u (a INT)" })).rejects.toThrow("Only queries");
  await expect(store.stream({ text: "COPY t TO 'x.csv'" })).rejects.toThrow();
  const late = "SELECT CASE WHEN i = 9000 THEN error('late') ELSE i END FROM many";
  await expect(store.stream({ text: late }).then(gather)).rejects.toThrow("late");
  const files = store.stream({ text: "FROM read_text('/etc/hostname')" }).then(gather);
  await expect(files).rejects.toThrow(/"exception_type":"Permission"/);
  const uuid = store.stream({ text: "SELECT uuid() AS u FROM t" }).then(gather);
  await expect(uuid).rejects.toThrow('The column "u" is a UUID, which is not written as Arrow');
  expect((await gather(await store.stream({ text: "SELECT 1" }))).length).toBeGreaterThan(0);
});

test("a statement under way is interrupted", async () => {
  const bomb = store
    .stream({ text: "SELECT count(*) FROM range(100000000000) a, range(100000) b" })
    .then(gather);
  setTimeout(() => store.interrupt(), 100);
  await expect(bomb).rejects.toThrow(/interrupt/i);
});
