import { afterEach, beforeEach, expect, test } from "vitest";
import { Store } from "../../src/store/store.ts";

let store: Store;

beforeEach(async () => {
  store = await Store.open(":memory:", { memory: "256MB", threads: 1 });
  await store.run("CREATE TABLE note (item INTEGER PRIMARY KEY)");
  await store.run("INSERT INTO note VALUES (1)");
});

afterEach(() => store.close());

const items = async () =>
  (await store.rows<{ item: number }>("SELECT item FROM note ORDER BY item")).map(
    ({ item }) => item,
  );
const swallow = (sql: string) => store.run(sql).catch(() => undefined);

test("what is written in a transaction that fails is not kept", async () => {
  const work = store.transaction(async () => {
    await store.run("INSERT INTO note VALUES (2)");
    throw new Error("no");
  });
  await expect(work).rejects.toThrow("no");
  expect(await items()).toEqual([1]);
});

test("a transaction ended by a failure that its work took no notice of is no success", async () => {
  const work = store.transaction(async () => {
    await store.run("INSERT INTO note VALUES (2)");
    await swallow("INSERT INTO note VALUES (1)");
  });
  await expect(work).rejects.toThrow(/is not kept: .*contradicts what is held/s);
  expect(await items()).toEqual([1]);
  await store.transaction(() => store.run("INSERT INTO note VALUES (3)"));
  expect(await items()).toEqual([1, 3]);
});

test("a statement that names what there is not leaves the transaction as it was", async () => {
  await store.transaction(async () => {
    await swallow("SELECT nothing FROM note");
    await store.run("INSERT INTO note VALUES (2)");
  });
  expect(await items()).toEqual([1, 2]);
});
