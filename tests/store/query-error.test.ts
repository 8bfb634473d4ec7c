import { afterAll, beforeAll, expect, test } from "vitest";
import { QueryError } from "../../src/store/query-error.ts";
import { Store } from "../../src/store/store.ts";

const SECRET = "张三的电话";
let store: Store;
beforeAll(async () => {
  store = await Store.open(":memory:", { memory: "256MB", threads: 1 });
  await store.run(`CREATE TABLE held (k VARCHAR PRIMARY KEY)`);
  await store.run(`INSERT INTO held VALUES ('${SECRET}')`);
});
afterAll(() => store.close());

/** All that a log writes of an error: its message, its stack and what hangs on it. */
function everything(error: unknown): string {
  const { message, stack } = error as Error;
  return [message, stack, JSON.stringify(error)].join("\n");
}

test.each([
  ["a conversion", "SELECT CAST(k AS INTEGER) FROM held", "Conversion", /TRY_CAST/],
  ["a date", "SELECT CAST(k AS DATE) FROM held", "Conversion", /TRY_CAST/],
  ["a pattern", "SELECT strptime(k, '%Y') FROM held", "Invalid Input", /TRY_CAST/],
  ["a message of a statement's own", "SELECT error(k) FROM held", "Invalid Input", /TRY_CAST/],
  ["JSON", "SELECT CAST(k AS JSON) FROM held", "Conversion|Invalid Input", /TRY_CAST/],
  ["an overflow", "SELECT length(k) * 9223372036854775807 FROM held", "Out of Range", /TRY_CAST/],
  ["a key that is held", "INSERT INTO held SELECT k FROM held", "Constraint", /repair/],
])("%s is told without the value and without the statement", async (_, sql, type, advice) => {
  const error = await store.run(sql).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(QueryError);
  expect((error as QueryError).type).toMatch(new RegExp(`^(?:${type})$`));
  expect((error as QueryError).message).toMatch(advice);
  expect((error as QueryError).message).toMatch(/[\u4e00-\u9fff]/);
  expect(everything(error)).not.toMatch(new RegExp(`${SECRET}|SELECT|9223372036854775807`));
});

test("what is wrong with a statement as it is written is told to its author, without the statement", async () => {
  const binder = await store.run("SELECT nobody FROM held WHERE k <> 'x'").catch(String);
  expect(binder).toMatch(/"nobody" not found/);
  expect(binder).not.toMatch(/WHERE/);
  await expect(store.script("SELEC 1; SELECT 2")).rejects.toThrow(/validate.*near "SELEC"/s);
  const header = await store.run(`SELECT r."${SECRET}" FROM held r`).catch(everything);
  expect(header).not.toContain(SECRET);
});

test.each([
  ["INTERNAL Error: Attempted to access index 3 within vector of size 1", /--threads 1/],
  ["FATAL Error: database has been invalidated", /--threads 1/],
  ["INTERRUPT Error: Interrupted!", /interrupted/],
  ["Serialization Error: 张三的电话", /could not carry out/],
  [`IO Error: Could not write file "/d/spill/x.tmp": No space left on device`, /Make room/],
  [`IO Error: Cannot open file "/d/x.duckdb": Permission denied`, /may not be read or written/],
  ["IO Error: Corrupt database file: computed checksum 1 does not match", /repair/],
  ["Out of Memory Error: could not allocate block of size 256.0 KiB", /--memory/],
  [
    `Invalid type Error: Type VARCHAR with value ${SECRET} can't be cast to the destination type`,
    /TRY_CAST/,
  ],
])("%s", (said, advice) => {
  const error = new QueryError(new Error(said), `SELECT '${SECRET}'`);
  expect(error.message).toMatch(advice);
  expect(everything(error)).not.toMatch(new RegExp(`${SECRET}|SELECT`));
});
