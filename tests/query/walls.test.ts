import { existsSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Format } from "../../src/query/frames.ts";
import { openPool, type QueryPool } from "../../src/query/pool.ts";
import { LockedStore } from "../../src/store/locked-store.ts";
import { loadNativeDuckdb } from "../../src/store/native-duckdb.ts";
import { NativeStore } from "../../src/store/native-store.ts";
import { makeFiles, readAnswer, SMALL } from "./small-files.ts";

const files = await makeFiles();
const native = await loadNativeDuckdb();
// Where it may spill to is the one place it can write, and each process has its own.
const spill = mkdtempSync(join(tmpdir(), "spill-"));
const options = { memory: "200MB", threads: 1, spill, spillSize: "50MB" };
const logs = mkdtempSync(join(tmpdir(), "logs-"));

/** What changes something for those after it, and nothing can forbid. */
const TRACES = [
  "SELECT * FROM enable_logging('QueryLog')",
  "SELECT * FROM enable_logging('QueryLog') UNION ALL SELECT * FROM disable_logging()",
  `SELECT * FROM enable_logging('QueryLog', storage='file', storage_path='${join(logs, "a")}')`,
  "SELECT * FROM enable_profiling(save_location='/dev/null.txt')",
  "SELECT * FROM enable_peg_parser()",
];
const REFUSED = [
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
];

// The first wall, which examines a statement, is not there: the second is the database as it was opened.
describe.each(["package", "library"] as const)(
  "a database opened through DuckDB's %s",
  (through) => {
    let locked: LockedStore;
    let bulk: NativeStore | undefined;
    const open = async () => {
      locked = await LockedStore.open(files, options);
      if (through === "library" && native) bulk = NativeStore.open(native, files, options);
    };
    const close = () => {
      locked.close();
      bulk?.close();
    };
    const run = async (text: string, explain?: string) => {
      const source = bulk ?? locked;
      for await (const _ of (await source.stream({ text, explain })).chunks());
    };
    const assertClean = async () => {
      if (bulk) bulk.assertClean(locked.settings);
      else await locked.assertClean();
    };
    beforeAll(open);
    afterAll(close);

    test.each(REFUSED)("does not run: %s", async (sql) => {
      await expect(run(sql)).rejects.toThrow();
      await expect(run(sql, "EXPLAIN ANALYZE")).rejects.toThrow();
      await assertClean();
    });

    test.each(TRACES)("notices what is left behind: %s", async (sql) => {
      close();
      await open();
      await run("SELECT 1");
      await assertClean();
      await run(sql).catch(() => undefined);
      await run("SELECT 2").catch(() => undefined);
      await expect(assertClean()).rejects.toThrow(/left behind|file system operations/);
      expect(readdirSync(logs)).toEqual([]);
    });
  },
);

// The third wall: a process of its own that sees nothing but its files, and is gone when something was left behind.
describe("a process without the first wall", () => {
  let pool: QueryPool;
  beforeAll(() => {
    const program = join(import.meta.dirname, "unexamined-worker.ts");
    pool = openPool({ ...SMALL, processes: 1, seconds: 60, program });
  });
  afterAll(() => pool.close());
  const ask = async (sql: string, format: Format, user = "a") =>
    (await readAnswer(await pool.run({ user, files, sql, format }))).bytes.toString();
  const gone = async (pid: number | undefined) => {
    while (pool.pids().includes(pid ?? 0)) await new Promise((resolve) => setTimeout(resolve, 20));
  };

  test.each(["json", "arrow"] as const)(
    "ends after a statement that leaves something behind (%s)",
    async (format) => {
      await ask("SELECT 'the secret of a' AS x", format);
      const [pid] = pool.pids();
      await ask("SELECT * FROM enable_logging('QueryLog')", format).catch(() => undefined);
      await gone(pid);
      expect(await ask("SELECT count(*) AS n FROM duckdb_logs()", "json")).toContain("[0]");
      expect(pool.pids()).not.toContain(pid);
    },
  );

  test("has an environment without anything in it, and its files alone", async () => {
    expect(
      await ask("SELECT count(*) AS n FROM duckdb_databases() WHERE NOT internal", "json"),
    ).toContain("[2]");
    for (const sql of [
      "FROM read_text('/etc/passwd')",
      "FROM '/proc/self/environ'",
      "SELECT getenv('HOME')",
    ]) {
      await expect(ask(sql, "json")).rejects.toMatchObject({ fault: { kind: expect.any(String) } });
    }
    expect(existsSync("/srv/x.csv")).toBe(false);
  });
});

let pool: QueryPool | undefined;
afterAll(() => pool?.close());

test("a process serves one asker, and another is ready for the next", async () => {
  const own = openPool({ ...SMALL, processes: 1, spare: true });
  pool = own;
  const ask = async (user: string) =>
    readAnswer(await own.run({ user, files, sql: "FROM rank", format: "json" }));
  await ask("a");
  const [first, spare] = own.pids();
  expect(spare).toBeDefined();
  await ask("a");
  expect(own.pids()).toEqual([first, spare]);
  await ask("b");
  expect(own.pids()[0]).toBe(spare);
  expect(own.pids()).not.toContain(first);
  await ask("a");
  expect(own.pids()).not.toContain(first);
  expect(own.pids()).not.toContain(spare);
});
