import { tmpdir } from "node:os";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readQuestion } from "../../src/query/question.ts";
import { readStoredQueries } from "../../src/standard/stored-query.ts";
import { LockedStore } from "../../src/store/locked-store.ts";
import { makeFiles } from "./small-files.ts";
import { type Oracle, openOracle, wrapped } from "./wrapped.ts";

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

test("law: nothing is allowed in which DuckDB reads something else", async () => {
  let allowed = 0;
  await fc.assert(
    fc.asyncProperty(wrapped, async (sql) => {
      const question = await read(sql).catch(() => undefined);
      if (!question || "kind" in question) return;
      allowed++;
      expect([sql, await oracle.judge(sql, question)]).toEqual([sql, undefined]);
    }),
    { numRuns: 1500 },
  );
  expect(allowed).toBeGreaterThan(50);
}, 60_000);
