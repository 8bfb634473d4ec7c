import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { addDays, format } from "date-fns";
import { pino } from "pino";
import { type Config, readConfig } from "../src/config.ts";
import { tellPresent } from "../src/present.ts";
import { runFolder } from "../src/publish/layout.ts";
import { runPipeline } from "../src/run.ts";
import { Store } from "../src/store/store.ts";
import { planTidy, tidyRuns } from "../src/tidy.ts";

const PROGRAM = resolve(import.meta.dirname, "..", "src/cli/zhengxin.js");
const FIRST = new Date(2025, 0, 1);
const BODIES = ["东城新区", "西河区", "南山县"];
/** Orders of a body a day. */
const ORDERS = 10;
/** Days on which nothing comes; all of it comes together afterwards. */
const LOST = { from: 100, through: 106 };
const EVERY = 50;
const HEAD =
  "工单编号,承办单位,类别,受理时间,签收时间,办结时限,办结时间,是否解决,满意度,推送日期,数据性质";
/** Tables that must come out the same as of a run from nothing. */
const COMPARED = ["rank", "node", "contribution", "contribution_detail", "value", "item", "file"];

/**
 * A year in some minutes: a small invented city is run every day for so many days, by as-of times in the place of a clock.
 * It gets a delivery a day, corrections, nothing for a week and then all of it, and two changes of its standard. What it takes
 * is printed every 50 days, and in the end its month is compared with that of a run from nothing.
 */
export async function benchYear(days = 400): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "zhengxin-bench-"));
  try {
    const workspace = join(folder, "workspace");
    execFileSync(process.execPath, [PROGRAM, "init", workspace], { stdio: "ignore" });
    makeDaily(workspace);
    const configOf = (name: string) =>
      readConfig({
        ZHENGXIN_WORKSPACE: workspace,
        DATA_DIR: join(folder, name),
        ZHENGXIN_PSEUDONYM_KEY: "00".repeat(32),
      });
    const grown = configOf("grown");
    console.log(`${days} days of a small city, a run a day`);
    const waiting: string[] = [];
    let slowest = 0;
    let last: RunPlace | undefined;
    for (let day = 0; day < days; day++) {
      waiting.push(`complaints-${dayOf(day)}.csv`);
      if (day < LOST.from || day > LOST.through) {
        for (const name of waiting.splice(0)) deliver(workspace, name);
      }
      if (day === 150)
        edit(workspace, /closed-on-time(.*)district: 30/, "closed-on-time$1district: 25");
      if (day === 150)
        edit(workspace, /signed-on-time(.*)district: 20/, "signed-on-time$1district: 25");
      if (day === 250) edit(workspace, /half_life, months: 12/, "half_life, months: 6");
      const start = performance.now();
      last = await runDay(grown, day);
      slowest = Math.max(slowest, performance.now() - start);
      if ((day + 1) % EVERY === 0) tell(join(folder, "grown"), day + 1, slowest);
      if ((day + 1) % EVERY === 0) slowest = 0;
    }
    const fresh = await runDay(configOf("fresh"), days - 1);
    for (const table of COMPARED) console.log(`  ${await compare(last as RunPlace, fresh, table)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface RunPlace {
  readonly folder: string;
}

function dayOf(day: number): string {
  return format(addDays(FIRST, day), "yyyy-MM-dd");
}

/** The example's period and as-of time go, and superseded publications with them. */
function makeDaily(workspace: string): void {
  const file = join(workspace, "pipelines", "my-city.yaml");
  const text = readFileSync(file, "utf8").replace(/^example:.*$/m, "");
  writeFileSync(file, `${text}\nkeep: { superseded_runs: 3, superseded_days: 0 }\n`);
}

function edit(workspace: string, pattern: RegExp, text: string): void {
  const file = join(workspace, "metrics", "standards", "my-city.yaml");
  const before = readFileSync(file, "utf8");
  const after = before.replace(pattern, text);
  if (after === before) throw new Error(`The standard has nothing like ${pattern}.`);
  writeFileSync(file, after);
}

/** A day's orders; every tenth day an order of five days before comes again with another outcome. */
function deliver(workspace: string, name: string): void {
  const iso = name.slice("complaints-".length, -".csv".length);
  const date = new Date(`${iso}T00:00:00`);
  const day = Math.round((date.getTime() - FIRST.getTime()) / 86_400_000);
  const lines = [HEAD];
  const add = (of: number, body: number, order: number, resolved: boolean) =>
    lines.push(
      [
        `Y${of}-${body}-${order}`,
        BODIES[body],
        "物业管理",
        `${dayOf(of)} 09:00:00`,
        `${dayOf(of)} 10:00:00`,
        `${dayOf(of)} 18:00:00`,
        `${dayOf(of)} ${(of + body + order) % 7 === 0 ? "20" : "17"}:00:00`,
        resolved ? "是" : "否",
        "满意",
        dayOf(day + 1),
        "合成示例数据 synthetic",
      ].join(","),
    );
  for (let body = 0; body < BODIES.length; body++) {
    for (let order = 0; order < ORDERS; order++) add(day, body, order, (day + order) % 5 !== 0);
  }
  if (day % 10 === 9) add(day - 5, day % 3, 0, (day - 5) % 5 === 0);
  writeFileSync(join(workspace, "samples", name), `${lines.join("\n")}\n`);
}

/** The run of the morning after a day, and what tidying does after it. */
async function runDay(config: Config, day: number): Promise<RunPlace> {
  const request = {
    pipeline: "my-city",
    asOf: `${dayOf(day + 1)} 06:00:00`,
    log: pino({ level: "silent" }),
  };
  const { context } = await runPipeline(config, request);
  const { store, dataDir, pipeline, period, runId } = context;
  try {
    const plan = planTidy(dataDir, pipeline, tellPresent(pipeline.time_zone).now);
    await tidyRuns(store, dataDir, pipeline.pipeline, plan);
    return { folder: runFolder(dataDir, pipeline.pipeline, period.id, runId) };
  } finally {
    store.close();
  }
}

function tell(dataDir: string, day: number, slowest: number): void {
  const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((one) =>
    one.isFile(),
  );
  const sizeOf = (pattern: RegExp) =>
    files
      .map(({ parentPath, name }) => join(parentPath, name))
      .filter((path) => pattern.test(path))
      .reduce((sum, path) => sum + statSync(path).size, 0) /
    2 ** 20;
  const parts = [
    `${files.length} files`,
    `published ${sizeOf(/\/published\//).toFixed(0)} MiB`,
    `database ${sizeOf(/working\.duckdb/).toFixed(0)} MiB`,
    `raw ${sizeOf(/\/raw\//).toFixed(1)} MiB`,
    `resident ${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MiB`,
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
