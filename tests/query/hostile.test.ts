import { readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { QueryFault } from "../../src/query/fault.ts";
import { openPool, type QueryPool } from "../../src/query/pool.ts";
import { type Expectation, HOSTILE } from "./hostile.ts";
import { makeFiles, readAnswer, SMALL } from "./small-files.ts";

let pool: QueryPool;
let files: string[];
beforeAll(async () => {
  files = await makeFiles();
  // Long enough for a busy machine to say no; what is to be stopped runs much longer.
  pool = openPool({ ...SMALL, seconds: 3 });
});
afterAll(() => pool.close());

const KINDS: Record<string, Expectation> = {
  refused: "refused",
  syntax: "syntax",
  failed: "failed",
  time: "stopped",
  memory: "stopped",
  lost: "stopped",
};

async function tryOut(sql: string): Promise<Expectation> {
  try {
    const { ending } = await readAnswer(await pool.run({ user: "a", files, sql, format: "json" }));
    return ending.truncated ? "stopped" : "harmless";
  } catch (error) {
    if (!(error instanceof QueryFault)) throw error;
    const { zh, en } = error.fault;
    expect(`${zh}${en}`).not.toMatch(/asked-|zhengxin-query|\.duckdb"/);
    return KINDS[error.fault.kind] as Expectation;
  }
}

const held = () => files.map((file) => readFileSync(file).toString("base64")).join();

test("there are enough of them, and none twice", () => {
  expect(HOSTILE.length).toBeGreaterThan(200);
  expect(new Set(HOSTILE.map(([, sql]) => sql)).size).toBe(HOSTILE.length);
});

test("none reads, writes or changes anything, nor takes more than its share, and the next one is answered", async () => {
  const before = held();
  const outcomes = await Promise.all(
    HOSTILE.map(async ([expected, sql]) => [expected, await tryOut(sql), sql.slice(0, 100)]),
  );
  expect(outcomes.filter(([expected, found]) => expected !== found)).toEqual([]);
  expect(held()).toBe(before);
  expect(readdirSync(dirname(files[0] as string)).sort()).toEqual([
    "published.duckdb",
    "records.duckdb",
  ]);
  expect(pool.pids().length).toBeLessThanOrEqual(SMALL.processes);
  expect(await tryOut("FROM rank")).toBe("harmless");
});
