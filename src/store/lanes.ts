import { sqlFile } from "./sql-file.ts";
import type { Store } from "./store.ts";

const sql = sqlFile(import.meta.dirname, "lanes.sql");

/** Most sources are small, and DuckDB plans and commits each statement on one processor: a few lanes keep them all at work. */
const MOST_LANES = 4;

/** Up to this many rows a table has only a handful of the row groups (122,880 rows) that DuckDB hands out to threads. */
const FEW_ROWS = 500_000;

/** One of several connections, with what its holder made in temporary tables there. */
export interface Lane<T> {
  readonly store: Store;
  readonly own: T;
}

/** How lanes share the processors. */
export interface LaneWidth {
  /**
   * Every statement works on the thread that asks for it, and there is one lane more than there are processors. For
   * statements over few rows: DuckDB's asking thread spins while other threads work, which here keeps another lane from
   * the processor. Holds for the whole database while the lanes are at work.
   */
  readonly narrow: boolean;
}

/** Narrow lanes when no table of the database has many rows. */
export async function widthForTables(store: Store): Promise<LaneWidth> {
  const found = await store.row<{ rows: number }>(sql("largest-table"));
  return { narrow: (found?.rows ?? 0) <= FEW_ROWS };
}

/**
 * Does the work for every item on several connections to the same database at once, each of which takes the next item
 * when it is free. Transactions, temporary tables and variables are a lane's own; its variables begin as the store's.
 * Items must not need each other's results, nor write the same rows.
 * @param open makes what a lane keeps from item to item
 * @returns the results in the order of the items
 * @throws what the first item to fail threw, once no lane is at work any more; the items not begun are left
 */
export async function inLanes<I, T, R>(
  store: Store,
  items: readonly I[],
  open: (store: Store) => T | Promise<T>,
  work: (lane: Lane<T>, item: I) => Promise<R>,
  { narrow }: LaneWidth = { narrow: false },
): Promise<R[]> {
  const results = new Map<number, R>();
  const failures = new Map<number, unknown>();
  let next = 0;
  const goOn = async (lane: Lane<T>) => {
    while (next < items.length && failures.size === 0) {
      const index = next++;
      try {
        results.set(index, await work(lane, items[index] as I));
      } catch (error) {
        failures.set(index, error);
      }
    }
  };
  const { threads } = store;
  const count = Math.min(narrow ? threads + 1 : threads, MOST_LANES, items.length);
  if (narrow) await setThreads(store, 1);
  const stores = await Promise.all(Array.from({ length: count }, () => store.lane()));
  try {
    const lanes: Lane<T>[] = [];
    for (const each of stores) lanes.push({ store: each, own: await open(each) });
    await Promise.all(lanes.map(goOn));
  } finally {
    for (const each of stores) each.close();
    // It fails only with a database that takes no statement any more: what broke it is to be told.
    if (narrow) {
      await setThreads(store, threads).catch(() => undefined);
    }
  }
  for (const [, failure] of [...failures].sort(([a], [b]) => a - b)) throw failure;
  return items.map((_, index) => results.get(index) as R);
}

/** How many threads the whole database works with from now on, each statement on at least the one that asks. */
export async function setThreads(store: Store, threads: number): Promise<void> {
  await store.run(sql("set-threads", { threads: String(threads) }));
}
