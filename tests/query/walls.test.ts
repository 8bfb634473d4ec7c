import { tmpdir } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPool, type QueryPool } from "../../src/query/pool.ts";
import { LockedStore } from "../../src/store/locked-store.ts";
import { makeFiles, readAnswer, SMALL } from "./small-files.ts";

// What holds when nobody examines a statement: it is put to the database as it is.
let store: LockedStore;
let files: string[];
const open = () =>
  LockedStore.open(files, { memory: "200MB", threads: 1, spill: tmpdir(), spillSize: "50MB" });
beforeAll(async () => {
  files = await makeFiles();
  store = await open();
});
afterAll(() => store.close());

const run = async (text: string, explain?: string) => {
  const rows: unknown[] = [];
  for await (const chunk of (await store.stream({ text, explain })).chunks()) {
    rows.push(...chunk.getRows());
  }
  return rows;
};

test.each([
  "SELECT * FROM read_text('/etc/passwd')",
  "SELECT * FROM glob('/etc/*')",
  "FROM '/etc/passwd.csv'",
  "CREATE TEMP TABLE x AS SELECT 1",
  "CREATE TEMP MACRO f() AS 1",
  "SET VARIABLE x = 1",
  "SET lock_configuration = false",
  "SET enable_logging = true",
  "CALL enable_logging('QueryLog')",
  "PREPARE p AS SELECT 1",
  "CREATE SECRET (TYPE http)",
  "ATTACH ':memory:' AS m",
  "EXPLAIN ANALYZE CREATE TEMP TABLE y AS SELECT 1",
  "COPY rank TO '/srv/x.csv'",
  "INSERT INTO rank SELECT * FROM rank",
  "LOAD json",
])("without the first wall: %s", async (sql) => {
  await expect(run(sql)).rejects.toThrow();
  await expect(run(sql, "EXPLAIN ANALYZE")).rejects.toThrow();
});

test("whoever turns logging on, which nothing can forbid, is noticed", async () => {
  store.close();
  store = await open();
  await run("SELECT 1");
  await store.assertClean();
  await run("SELECT * FROM enable_logging('QueryLog')");
  await expect(store.assertClean()).rejects.toThrow("left behind");
});

let pool: QueryPool;
afterAll(() => pool?.close());
const ask = async (user: string) =>
  readAnswer(await pool.run({ user, files, sql: "FROM rank", format: "json" }));

test("a process serves one asker, and another is ready for the next", async () => {
  pool = openPool({ ...SMALL, processes: 1, spare: true });
  await ask("a");
  const [first, spare] = pool.pids();
  expect(spare).toBeDefined();
  await ask("a");
  expect(pool.pids()).toEqual([first, spare]);
  await ask("b");
  expect(pool.pids()[0]).toBe(spare);
  expect(pool.pids()).not.toContain(first);
  await ask("a");
  expect(pool.pids()).not.toContain(first);
  expect(pool.pids()).not.toContain(spare);
});
