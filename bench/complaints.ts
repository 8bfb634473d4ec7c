import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { sqlFile } from "../src/store/sql-file.ts";
import { Store } from "../src/store/store.ts";
import { measureProcess } from "./measure-process.ts";

const PROGRAM_FOLDER = resolve(import.meta.dirname, "..");
const MEMORY = "2GB";
const THREADS = 2;
const sql = sqlFile(import.meta.dirname, "bench.sql");

const GROUP_BYS = [
  "plain-signed",
  "plain-closed",
  "plain-resolved",
  "plain-satisfied",
  "plain-repeated",
  "plain-returned",
  "plain-delay",
  "plain-backlog",
];

/**
 * Load and measure of many complaints from Parquet, against one plain DuckDB script that reads the same file, does
 * the same dedupe (identical reports dropped, versions kept with the times they were known) and the group-bys of the
 * same eight indicators; and beside it against a script that keeps the newest report of each complaint only.
 */
export async function benchComplaints(rows: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "zhengxin-bench-"));
  try {
    const workspace = join(folder, "workspace");
    const letters = join(workspace, "data-samples/qingdao/mayor-mailbox/letters.parquet");
    makeWorkspace(workspace);
    makeLetters(rows, letters);
    console.log(`${rows.toLocaleString("en-US")} complaints from Parquet, memory bound ${MEMORY}`);
    const newest = await timePlain(letters, join(folder, "newest.duckdb"), ["plain-newest"]);
    console.log(`  plain script, newest report only  ${newest.toFixed(1)} s`);
    const dedupe = ["plain-versions", "look-at-newest"];
    const plain = await timePlain(letters, join(folder, "versions.duckdb"), dedupe);
    console.log(`  plain script, same dedupe         ${plain.toFixed(1)} s`);
    const environment = { ZHENGXIN_WORKSPACE: workspace, DATA_DIR: join(folder, "data") };
    const program = join(PROGRAM_FOLDER, "src/cli/zhengxin.js");
    let seconds = 0;
    let peak = 0;
    for (const stage of ["pull", "conform", "measure"]) {
      const measured = await measureProcess(
        process.execPath,
        [program, stage, "complaints", "--memory", MEMORY, "--threads", String(THREADS)],
        { cwd: PROGRAM_FOLDER, environment },
      );
      seconds += measured.seconds;
      peak = Math.max(peak, measured.peakMiB);
      console.log(
        `  ${stage.padEnd(12)}  ${measured.seconds.toFixed(1)} s, ${measured.peakMiB.toFixed(0)} MiB`,
      );
    }
    const times = (baseline: number) => (seconds / baseline).toFixed(2);
    console.log(
      `  together      ${seconds.toFixed(1)} s: ${times(plain)} x the script with the same dedupe (target 1.5), ${times(newest)} x the one without versions; peak ${peak.toFixed(0)} MiB`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The bundled city's bodies and definitions, with the bench's own pipeline and standard. */
function makeWorkspace(workspace: string): void {
  const copies = [
    "metrics/indicators",
    "metrics/calendar",
    "metrics/checks",
    "pipelines/sources",
    "pipelines/codes",
    ...["divisions", "departments", "division-aliases"].map((id) => `data-samples/qingdao/${id}`),
  ];
  for (const path of copies) {
    cpSync(join(PROGRAM_FOLDER, path), join(workspace, path), { recursive: true });
  }
  mkdirSync(join(workspace, "metrics/standards"), { recursive: true });
  mkdirSync(join(workspace, "data-samples/qingdao/mayor-mailbox"), { recursive: true });
  cpSync(
    join(import.meta.dirname, "complaints-pipeline.yaml"),
    join(workspace, "pipelines/complaints.yaml"),
  );
  cpSync(
    join(import.meta.dirname, "complaints-standard.yaml"),
    join(workspace, "metrics/standards/complaints.yaml"),
  );
}

function makeLetters(rows: number, file: string): void {
  const made = spawnSync(
    process.execPath,
    [
      "--import",
      "tsx",
      join(PROGRAM_FOLDER, "data-samples/generate/main.ts"),
      "--complaints",
      String(rows),
      "--out",
      file,
    ],
    { cwd: PROGRAM_FOLDER, stdio: ["ignore", "ignore", "inherit"] },
  );
  if (made.status !== 0) throw new Error("The generator could not make the complaints.");
}

async function timePlain(file: string, database: string, load: readonly string[]): Promise<number> {
  const store = await Store.open(database, { memory: MEMORY, threads: THREADS });
  try {
    const start = performance.now();
    for (const name of load) {
      const statement = sql(name);
      await store.run(statement, statement.includes("$file") ? { file } : {});
    }
    for (const name of GROUP_BYS) await store.rows(sql(name));
    return (performance.now() - start) / 1000;
  } finally {
    store.close();
  }
}
