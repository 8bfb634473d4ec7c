import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { sqlFile } from "../src/store/sql-file.ts";
import { Store } from "../src/store/store.ts";
import { measureProcess } from "./measure-process.ts";

const PROGRAM_FOLDER = resolve(import.meta.dirname, "..");
const sql = sqlFile(import.meta.dirname, "bench.sql");

/**
 * The main job on the bundled city, from `npm start`, against the least that any program must do:
 * one plain DuckDB query that reads the same hotline orders and counts them.
 */
export async function benchMainJob(): Promise<void> {
  const baseline = await timeBaseline();
  const folder = mkdtempSync(join(tmpdir(), "zhengxin-bench-"));
  try {
    const environment = { DATA_DIR: folder };
    const first = await measureProcess("npm", ["start", "--silent"], {
      cwd: PROGRAM_FOLDER,
      environment,
    });
    const again = await measureProcess("npm", ["start", "--silent"], {
      cwd: PROGRAM_FOLDER,
      environment,
    });
    console.log("main job on the bundled city (target: 15 s, 1024 MiB)");
    console.log(
      `  first run   ${first.seconds.toFixed(1)} s, ${first.peakMiB.toFixed(0)} MiB, ${(first.seconds / baseline).toFixed(1)} x the plain read`,
    );
    console.log(
      `  second run  ${again.seconds.toFixed(1)} s, ${again.peakMiB.toFixed(0)} MiB, ${(again.seconds / first.seconds).toFixed(2)} x the first`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timeBaseline(): Promise<number> {
  const store = await Store.open(":memory:", { memory: "512MB", threads: 2 });
  try {
    const start = performance.now();
    await store.rows(sql("read-orders"), {
      files: join(PROGRAM_FOLDER, "data-samples/qingdao/hotline-orders/*.csv.gz"),
    });
    return (performance.now() - start) / 1000;
  } finally {
    store.close();
  }
}
