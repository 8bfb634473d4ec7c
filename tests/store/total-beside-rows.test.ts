import { afterEach, expect, test } from "vitest";
import { Store } from "../../src/store/store.ts";

let store: Store;
afterEach(() => store.close());

// DuckDB before 1.5.6 failed here within some tens of runs and took the whole database with it
// (duckdb/duckdb#22846, #25713): rows were gone before the window's threads had met.
test("a total beside the rows can be asked for again and again, by several threads", async () => {
  store = await Store.open(":memory:", { memory: "256MB", threads: 4 });
  for (let time = 0; time < 1500; time++) {
    const rows = await store.rows<{ x: number; total: number }>(`
      WITH one AS (SELECT i AS x FROM range(1) AS t(i)),
      chosen AS (
        SELECT x FROM one WHERE x >= 5000
        UNION ALL
        SELECT x FROM one WHERE NOT EXISTS (SELECT 1 FROM one WHERE x >= 5000))
      SELECT CAST(x AS INTEGER) AS x, CAST(count(*) OVER () AS INTEGER) AS total
      FROM chosen ORDER BY x DESC LIMIT 5`);
    expect(rows).toEqual([{ x: 0, total: 1 }]);
  }
});
