import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { type Config, readConfig } from "../src/config.ts";
import { findPublished } from "../src/publish/find-published.ts";
import { runFolder } from "../src/publish/layout.ts";
import { MANIFEST } from "../src/publish/manifest.ts";
import { runPipeline } from "../src/run.ts";
import { Store } from "../src/store/store.ts";
import { mountDisk, unmountDisk } from "../tests/services/small-disk.ts";
import { shiftClock } from "./shifted-clock.ts";
import { changeStandard, dayOf, deliverDay, makeDailyCity } from "./year-city.ts";
import { type DailyQueue, type Disturbance, openDailyQueue } from "./year-queue.ts";

const EVERY = 50;
/** Days whose run is disturbed. */
const DISTURBED: Readonly<Record<number, Disturbance>> = {
  20: "redis killed",
  30: "redis emptied",
  40: "disk full",
  120: "redis killed",
  200: "disk full",
  250: "redis emptied",
  320: "redis killed",
};
/** Tables that must come out the same as of a run from nothing. */
const COMPARED = ["rank", "node", "contribution", "contribution_detail", "value", "item", "file"];

/**
 * A year in some minutes: a small invented city runs through its queue every morning for so many days, by a clock that is moved. It
 * gets a delivery a day, corrections, nothing for a week and then all of it, records with objections and their outcomes, and
 * two changes of its standard; its Redis is killed and emptied and its disk is full while runs are under way. What it takes is printed
 * every 50 days, and in the end its month is compared with that of a run from nothing.
 */
export async function benchYear(days = 400): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "zhengxin-bench-"));
  const workspace = join(folder, "workspace");
  const disk = join(folder, "grown");
  mkdirSync(disk);
  const isMounted = mountDisk(disk, "size=1g");
  const clock = shiftClock();
  let queue: DailyQueue | undefined;
  try {
    makeDailyCity(workspace);
    const configOf = (name: string) =>
      readConfig({
        ZHENGXIN_WORKSPACE: workspace,
        DATA_DIR: join(folder, name),
        ZHENGXIN_PSEUDONYM_KEY: "00".repeat(32),
        ZHENGXIN_STALL_SECONDS: "5",
      });
    const grown = configOf("grown");
    clock.set(morningOf(-1));
    queue = await openDailyQueue(grown);
    await queue.run(morningOf(-1));
    console.log(`${days} days of a small city, a run a day through its queue`);
    if (!isMounted) console.log("  no disk could be mounted, so none is filled");
    let slowest = 0;
    for (let day = 0; day < days; day++) {
      deliverDay(workspace, day);
      changeStandard(workspace, day);
      const disturbance = DISTURBED[day] === "disk full" && !isMounted ? undefined : DISTURBED[day];
      const start = performance.now();
      clock.set(morningOf(day));
      await queue.run(morningOf(day), disturbance);
      age(join(disk, "my-city"), morningOf(day));
      const took = performance.now() - start;
      if (disturbance)
        console.log(`  day ${day}: ${disturbance}, done after ${(took / 1000).toFixed(1)} s`);
      else slowest = Math.max(slowest, took);
      if ((day + 1) % EVERY !== 0) continue;
      await tell(join(disk, "my-city"), day + 1, slowest, queue);
      slowest = 0;
    }
    await queue.close();
    queue = undefined;
    const fresh = await runFresh(configOf("fresh"), days - 1);
    const last = { folder: findPublished(join(disk, "my-city"), "my-city", {}) };
    for (const table of COMPARED) console.log(`  ${await compare(last, fresh, table)}`);
  } finally {
    await queue?.close();
    clock.restore();
    if (isMounted) unmountDisk(disk);
    rmSync(folder, { recursive: true, force: true });
  }
}

interface RunPlace {
  readonly folder: string;
}

/** Some seconds after six in Shanghai on the morning after a day. */
function morningOf(day: number): number {
  return Date.parse(`${dayOf(day + 1)}T06:00:10+08:00`);
}

/** What tidying goes by is when a manifest was written: by the disk's own clock all of them are of today. */
function age(dataDir: string, moment: number): void {
  utimesSync(join(findPublished(dataDir, "my-city", {}), MANIFEST), moment / 1000, moment / 1000);
}

/** The same morning's run from nothing, in this process. */
async function runFresh(config: Config, day: number): Promise<RunPlace> {
  const request = {
    pipeline: "my-city",
    asOf: `${dayOf(day + 1)} 06:00:00`,
    log: pino({ level: "silent" }),
  };
  const { context } = await runPipeline(config, request);
  const { store, dataDir, pipeline, period, runId } = context;
  store.close();
  return { folder: runFolder(dataDir, pipeline.pipeline, period.id, runId) };
}

async function tell(
  dataDir: string,
  day: number,
  slowest: number,
  queue: DailyQueue,
): Promise<void> {
  const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((one) =>
    one.isFile(),
  );
  const sizeOf = (pattern: RegExp) =>
    files
      .map(({ parentPath, name }) => join(parentPath, name))
      .filter((path) => pattern.test(path))
      .reduce((sum, path) => sum + statSync(path).size, 0) /
    2 ** 20;
  const { keys, redisBytes, logBytes } = await queue.tell();
  const parts = [
    `${files.length} files`,
    `published ${sizeOf(/\/published\//).toFixed(0)} MiB`,
    `database ${sizeOf(/working\.duckdb/).toFixed(0)} MiB`,
    `raw ${sizeOf(/\/raw\//).toFixed(1)} MiB`,
    `resident ${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MiB`,
    `${keys} Redis keys in ${(redisBytes / 2 ** 20).toFixed(0)} MiB`,
    `log ${(logBytes / 2 ** 20).toFixed(1)} MiB`,
    `slowest run ${(slowest / 1000).toFixed(1)} s`,
  ];
  console.log(`  day ${String(day).padStart(3)}: ${parts.join(", ")}`);
}

/** Rows of a table that only one of two publications has, but for the id of the run. */
async function compare(one: RunPlace, other: RunPlace, table: string): Promise<string> {
  const store = await Store.open(":memory:", { memory: "300MB", threads: 1 });
  try {
    const rows = ({ folder }: RunPlace) =>
      `SELECT * EXCLUDE (run_id) FROM read_parquet('${folder}/data/${table}.parquet')`;
    const count = async (query: string) =>
      (await store.row<{ n: number }>(`SELECT count(*)::INT AS n FROM (${query})`))?.n ?? 0;
    const differing =
      (await count(`${rows(one)} EXCEPT ALL ${rows(other)}`)) +
      (await count(`${rows(other)} EXCEPT ALL ${rows(one)}`));
    return `${table}: ${await count(rows(one))} rows, ${differing} other than of a run from nothing`;
  } finally {
    store.close();
  }
}
