import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { type Config, readConfig } from "../src/config.ts";
import { findPublished } from "../src/publish/find-published.ts";
import { MANIFEST } from "../src/publish/manifest.ts";
import { runPipeline } from "../src/run.ts";
import { openPlace } from "../src/run-context.ts";
import { findPipeline } from "../src/standard/workspace.ts";
import { planTidy, tidyRuns } from "../src/tidy.ts";
import { planDrafts, tidyDrafts } from "../src/tidy-drafts.ts";
import { shiftClock } from "./shifted-clock.ts";
import { dayOf, deliverDay, makeDailyCity } from "./year-city.ts";

const PIPELINE = "my-city";
const EVERY = 100;

/**
 * What a data folder takes over so many runs of three bodies, one a day by a clock that is moved: every fifth is scored and never
 * published. Printed every 100 runs, before and after what is kept no longer goes.
 */
export async function benchRetention(runs = 1000): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "zhengxin-bench-"));
  const workspace = join(folder, "workspace");
  const config = readConfig({
    ZHENGXIN_WORKSPACE: workspace,
    DATA_DIR: join(folder, "data"),
    ZHENGXIN_PSEUDONYM_KEY: "00".repeat(32),
  });
  const dataDir = join(config.dataDir, PIPELINE);
  const clock = shiftClock();
  try {
    makeDailyCity(workspace);
    console.log(`${runs} runs of three bodies, one a day, every fifth never published`);
    let slowest = 0;
    for (let day = 0; day < runs; day++) {
      deliverDay(workspace, day);
      const morning = Date.parse(`${dayOf(day + 1)}T06:00:10+08:00`);
      clock.set(morning);
      const start = performance.now();
      await runOnce(config, day);
      slowest = Math.max(slowest, performance.now() - start);
      if (isPublished(day)) {
        // What tidying goes by is when a manifest was written: by the disk's own clock all of them are of today.
        const manifest = join(findPublished(dataDir, PIPELINE, {}), MANIFEST);
        utimesSync(manifest, morning / 1000, morning / 1000);
      }
      if ((day + 1) % EVERY !== 0) continue;
      const before = tell(dataDir);
      const gone = await tidy(config, dayOf(day + 1));
      console.log(
        `  ${String(day + 1).padStart(4)} runs: before ${before}; after ${tell(dataDir)}; ${gone}; slowest run ${(slowest / 1000).toFixed(1)} s`,
      );
      slowest = 0;
    }
  } finally {
    clock.restore();
    rmSync(folder, { recursive: true, force: true });
  }
}

const isPublished = (day: number) => day % 5 !== 4;

async function runOnce(config: Config, day: number): Promise<void> {
  const asOf = `${dayOf(day + 1)} 06:00:00`;
  const request = { pipeline: PIPELINE, asOf, log: pino({ level: "silent" }) };
  const through = isPublished(day) ? "publish" : "score";
  const { context } = await runPipeline(config, request, { through });
  context.store.close();
}

async function tidy(config: Config, day: string): Promise<string> {
  const pipeline = findPipeline(config.workspace, PIPELINE);
  const { store, dataDir } = await openPlace(config, pipeline);
  try {
    const plan = planTidy(dataDir, pipeline, day);
    await tidyRuns(store, dataDir, PIPELINE, plan);
    const drafts = await planDrafts(store, dataDir, pipeline, day);
    await tidyDrafts(store, drafts, `${day} 06:00:10`);
    return `${plan.go.length} publications and ${drafts.length} drafts went`;
  } finally {
    store.close();
  }
}

/** Sizes of a folder's parts, in MB. */
function tell(dataDir: string): string {
  const files = readdirSync(dataDir, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const size = (pattern: RegExp) =>
    files.filter((path) => pattern.test(path)).reduce((sum, path) => sum + statSync(path).size, 0) /
    1e6;
  return `${size(/./).toFixed(0)} MB (published ${size(/\/published\//).toFixed(0)}, database ${size(/working\.duckdb/).toFixed(0)}, raw ${size(/\/raw\//).toFixed(1)})`;
}
