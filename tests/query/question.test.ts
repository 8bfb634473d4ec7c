import { tmpdir } from "node:os";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readQuestion } from "../../src/query/question.ts";
import { readStoredQueries } from "../../src/standard/stored-query.ts";
import { LockedStore } from "../../src/store/locked-store.ts";
import { type Oracle, openOracle } from "./oracle.ts";
import { makeFiles } from "./small-files.ts";
import { wrapped } from "./wrapped.ts";

let store: LockedStore;
let oracle: Oracle;
beforeAll(async () => {
  const options = { memory: "200MB", threads: 1, spill: tmpdir(), spillSize: "50MB" };
  store = await LockedStore.open(await makeFiles(), options);
  oracle = await openOracle();
});
afterAll(() => {
  store.close();
  oracle.close();
});
const read = (sql: string) => readQuestion(store, sql, store.catalogue);

test("what is run is what DuckDB writes of the tree, without a letter of the visitor's", async () => {
  expect(await read("/* /* */ */ explain -- x\n ANALYZE from Rank;;")).toMatchObject({
    ...{ text: "SELECT * FROM Rank", explain: "EXPLAIN ANALYZE" },
  });
  expect(await read("select 1e3, 'it''s' -- ; DROP TABLE rank")).toMatchObject({
    ...{ text: "SELECT CAST('1000.0' AS DOUBLE), 'it''s'", explain: undefined },
  });
  expect(await read("/* /* */ EXPLAIN SELECT 1 -- */ SELECT 3")).toMatchObject({
    text: "SELECT 3",
  });
});

test("every question kept is written back", async () => {
  for (const { sql, id } of readStoredQueries(process.cwd())) {
    const catalogue = { internal: new Set<string>(), tables: { has: () => true } as never };
    expect([id, (await readQuestion(store, sql, catalogue)) as object]).toEqual([
      id,
      expect.objectContaining({ text: expect.stringMatching(/^(?:SELECT|WITH|\()/) }),
    ]);
  }
});

test("a name that WITH defines is known where DuckDB knows it, and nowhere else", async () => {
  const known = async (sql: string) => !("kind" in (await read(sql)));
  expect(await known("WITH a AS (SELECT 1), b AS (FROM a) FROM b, (FROM a)")).toBe(true);
  expect(await known("SELECT (WITH a AS (SELECT 1) FROM a) FROM a")).toBe(false);
  expect(await known("WITH b AS (FROM a), a AS (SELECT 1) FROM b")).toBe(false);
  expect(await known("WITH a AS (FROM a) FROM a")).toBe(false);
  expect(await known("WITH rank AS (FROM rank) FROM rank")).toBe(true);
  expect(await known("FROM (WITH a AS (SELECT 1) FROM a) UNION ALL FROM a")).toBe(false);
});

test("an EXPLAIN is read as a whole: a quote in a comment before it changes what an odd blank is to DuckDB", async () => {
  expect(await read("EXPLAIN FROM rank\u3000/* */")).toMatchObject({ explain: "EXPLAIN" });
  expect(await read("/* ' */ EXPLAIN FROM rank\u3000/* */")).toMatchObject({
    ...{ kind: "refused", en: expect.stringContaining("rank\u3000"), position: 21 },
  });
});

test("the oracle sees by itself what the examiner refuses", async () => {
  const blind = [];
  for (const sql of [
    ...[
      "SELECT 1; SELECT 2",
      "CREATE TEMP TABLE x AS SELECT 1",
      "SET VARIABLE z = 1",
      "SELECT 1\0",
      "FROM glob('*')",
    ],
    ...[
      "SELECT getvariable('x')",
      "SELECT user",
      "FROM '/etc/passwd'",
      "FROM duckdb_settings()",
      "FROM duckdb_settings",
    ],
    ...[
      "SELECT (WITH pg_settings AS (SELECT 1) SELECT 1) FROM pg_settings",
      "SELECT * FROM enable_logging('QueryLog')",
    ],
    ...[
      "DELETE FROM rank",
      "FROM rank, system.main.duckdb_views",
      "SELECT list_transform([1], x -> getvariable('y'))",
    ],
  ]) {
    if (!(await oracle.judge(sql, { text: sql, explain: undefined }))) blind.push(sql);
  }
  expect(blind).toEqual([]);
  // What is run must answer as what was sent.
  expect(await oracle.judge("FROM rank", { text: "FROM complaint", explain: undefined })).toMatch(
    /^answers /,
  );
  expect(await oracle.judge("FROM rank", { text: "FROM rank", explain: undefined })).toBe(
    undefined,
  );
});

test("law: nothing is allowed in which DuckDB reads something else", async () => {
  let allowed = 0;
  await fc.assert(
    fc.asyncProperty(wrapped, async (sql) => {
      const question = await read(sql).catch(() => undefined);
      if (!question || "kind" in question) return;
      allowed++;
      expect([sql, await oracle.judge(sql, question)]).toEqual([sql, undefined]);
    }),
    { numRuns: 400 },
  );
  expect(allowed).toBeGreaterThan(30);
});
