import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { inLanes } from "../../src/store/lanes.ts";
import { Store } from "../../src/store/store.ts";

let store: Store;

beforeEach(async () => {
  store = await Store.open(":memory:", { memory: "256MB", threads: 3 });
  await store.run("CREATE TABLE note (item INTEGER, lane INTEGER)");
});

afterEach(() => store.close());

test("results come in the order of the items, and every item is worked off once", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 99 }), { maxLength: 12 }),
      async (items) => {
        await store.run("DELETE FROM note");
        let lanes = 0;
        const results = await inLanes(
          store,
          items,
          () => ++lanes,
          async (lane, item) => {
            await lane.store.transaction(async () => {
              await lane.store.run("INSERT INTO note VALUES ($item, $lane)", {
                item,
                lane: lane.own,
              });
            });
            return item * 2;
          },
        );
        expect(results).toEqual(items.map((item) => item * 2));
        expect(lanes).toBe(Math.min(3, items.length));
        const noted = await store.rows<{ item: number }>("SELECT item FROM note ORDER BY item");
        expect(noted.map(({ item }) => item)).toEqual(items.toSorted((a, b) => a - b));
      },
    ),
    { numRuns: 30 },
  );
});

test("a lane begins with the store's variables and keeps its own temporary tables", async () => {
  await store.run("SET VARIABLE as_of = TIMESTAMP '2019-01-10 08:00:00'");
  const seen = await inLanes(
    store,
    [1, 2, 3],
    () => undefined,
    async (lane, item) => {
      await lane.store.run(`CREATE OR REPLACE TEMP TABLE scratch AS SELECT ${item} AS item`);
      return lane.store.row(
        "SELECT item, CAST(getvariable('as_of') AS VARCHAR) AS as_of FROM scratch",
      );
    },
  );
  expect(seen).toEqual([1, 2, 3].map((item) => ({ item, as_of: "2019-01-10 08:00:00" })));
  await expect(store.run("SELECT * FROM scratch")).rejects.toThrow(/scratch/);
});

test("the failure of the first item in order is thrown when every lane has stopped; no item is begun after it", async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const ended: number[] = [];
  const work = inLanes(
    store,
    [0, 1, 2, 3, 4],
    () => undefined,
    async (lane, item) => {
      if (item === 0) await held;
      if (item === 1) setTimeout(release, 20);
      if (item < 2) throw new Error(`item ${item}`);
      await lane.store.run("INSERT INTO note VALUES ($item, 0)", { item });
      ended.push(item);
    },
  );
  await expect(work).rejects.toThrow("item 0");
  expect(ended).toEqual([2]);
  expect(await store.rows("SELECT item FROM note")).toEqual([{ item: 2 }]);
});

test("interrupting the store ends what its lanes are at", async () => {
  const endless = "SELECT count(*) FROM range(100000000000) a WHERE a.range % 7 = 3";
  const work = inLanes(
    store,
    [1, 2],
    () => undefined,
    (lane) => {
      setTimeout(() => store.interrupt(), 50);
      return lane.store.rows(endless);
    },
  );
  await expect(work).rejects.toThrow(/[Ii]nterrupt/);
  expect(await store.row("SELECT 1 AS one")).toEqual({ one: 1 });
});
