import { expect, onTestFinished, test } from "vitest";
import { Store } from "../../src/store/store.ts";
import { OutOfTime, withinTime } from "../../src/store/within-time.ts";

/** Takes hours. */
const ENDLESS = "SELECT max(hash(i)) FROM range(1000000000000) r(i)";

async function open(): Promise<Store> {
  const store = await Store.open(":memory:", { memory: "100MB", threads: 1 });
  onTestFinished(() => store.close());
  await store.run("CREATE TABLE main.kept (i INTEGER)");
  return store;
}

test("what takes too long is ended, its transaction rolled back, and the connection goes on", async () => {
  const store = await open();
  const work = store.transaction.bind(store, async () => {
    await store.run("INSERT INTO main.kept VALUES (1)");
    await store.rows(ENDLESS);
  });
  const failure = await withinTime(store, 0.2, work).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(OutOfTime);
  expect((failure as Error).message).toMatch(/超过 0\.2 秒.*more than 0\.2 seconds/);
  expect(await store.rows("SELECT * FROM main.kept")).toEqual([]);
  await store.transaction(() => store.run("INSERT INTO main.kept VALUES (2)"));
  expect(await store.rows("SELECT i FROM main.kept")).toEqual([{ i: 2 }]);
});

test("statements that begin after the time is over are ended as well", async () => {
  const store = await open();
  const work = async () => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    await store.rows(ENDLESS);
  };
  await expect(withinTime(store, 0.1, work)).rejects.toBeInstanceOf(OutOfTime);
});

test("what ends in its time is left alone, and what fails by itself says so itself", async () => {
  const store = await open();
  expect(await withinTime(store, 60, () => store.rows("SELECT 1 AS one"))).toEqual([{ one: 1 }]);
  const wrong = withinTime(store, Number.POSITIVE_INFINITY, () => store.rows("SELECT nothing"));
  await expect(wrong).rejects.toMatchObject({ name: "QueryError", type: "Binder" });
});
