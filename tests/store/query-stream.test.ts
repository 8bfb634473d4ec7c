import { afterEach, beforeEach, expect, test } from "vitest";
import { digestQuery, readArrow } from "../../src/store/arrow.ts";
import { Store } from "../../src/store/store.ts";

/** Fails at its 900,000th row, long after its first ones have been read. */
const FAULTY =
  "SELECT CASE WHEN range < 900000 THEN range ELSE error('no more') END AS i FROM range(1000000)";

let store: Store;
beforeEach(async () => {
  store = await Store.open(":memory:", { memory: "256MB", threads: 2 });
});
afterEach(() => store.close());

test("a result that fails midway is a failure, and the store goes on", async () => {
  await expect(readArrow(store, FAULTY)).rejects.toThrow("failed midway");
  await expect(digestQuery(store, FAULTY)).rejects.toThrow("failed midway");
  expect(await store.rows("SELECT 1 AS one")).toEqual([{ one: 1 }]);
});

test("within a transaction it is one too, and nothing of the transaction is kept", async () => {
  await store.run("CREATE TABLE note (text VARCHAR)");
  const work = store.transaction(async () => {
    await store.run("INSERT INTO note VALUES ('lost')");
    await readArrow(store, FAULTY);
  });
  await expect(work).rejects.toThrow("failed midway");
  expect(await store.rows("FROM note")).toEqual([]);
});

test("one that is left early, or was never begun, stands in nobody's way", async () => {
  const stream = await store.stream("FROM range(1000000)");
  for await (const chunk of stream.chunks()) {
    expect(chunk.rowCount).toBe(2048);
    break;
  }
  await (await store.stream("FROM range(1000000)")).close();
  await expect(readArrow(store, "SELECT uuid() AS span")).rejects.toThrow("span");
  await store.transaction(() => store.run("CREATE TABLE kept AS SELECT 1 AS one"));
  expect(await store.rows("FROM kept")).toEqual([{ one: 1 }]);
});
