import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { inLanes, widthForTables } from "../../src/store/lanes.ts";
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

test("narrow lanes are one more than the processors, each on a thread of its own, and leave the store as it was", async () => {
  const threads = async (each: Store) =>
    (await each.row<{ threads: number }>("SELECT current_setting('threads') AS threads"))?.threads;
  let lanes = 0;
  const within = await inLanes(
    store,
    [1, 2, 3, 4, 5, 6],
    () => ++lanes,
    (lane) => threads(lane.store),
    { narrow: true },
  );
  expect(lanes).toBe(4);
  expect(within).toEqual([1, 1, 1, 1, 1, 1]);
  expect(await threads(store)).toBe(3);
  const failing = inLanes(
    store,
    [1],
    () => undefined,
    () => Promise.reject(new Error("no")),
    { narrow: true },
  );
  await expect(failing).rejects.toThrow("no");
  expect(await threads(store)).toBe(3);
});

test("lanes are narrow as long as no table has many rows", async () => {
  await store.run("INSERT INTO note SELECT i, i FROM range(500000) r(i)");
  expect(await widthForTables(store)).toEqual({ narrow: true });
  await store.run("INSERT INTO note VALUES (0, 0)");
  expect(await widthForTables(store)).toEqual({ narrow: false });
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
