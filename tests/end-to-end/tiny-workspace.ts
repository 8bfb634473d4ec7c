import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { pino } from "pino";
import { type Config, readConfig } from "../../src/config.ts";
import { runFolder } from "../../src/publish/layout.ts";
import { digestContent } from "../../src/publish/manifest.ts";
import { type RunResult, runPipeline, type StageName } from "../../src/run.ts";

export const TINY_CITY = join(import.meta.dirname, "..", "fixtures", "tiny-city");

/** Two months and two knowledge times that WORKED.md works out. */
export const JUNE = { period: "2018-06", asOf: "2018-07-10 00:00:00" };
export const JUNE_CORRECTED = { period: "2018-06", asOf: "2018-07-20 00:00:00" };

const KEY = "synthetic-key-for-tests-only-0123456789";

const made: string[] = [];

/** A folder of its own, removed by `removeFolders`. */
export function makeFolder(prefix = "zhengxin-"): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  made.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** A copy of the tiny city that a test may change. */
export function copyTinyCity(folder = join(makeFolder(), "city")): string {
  cpSync(TINY_CITY, folder, { recursive: true });
  return folder;
}

/** What the shell would have set. */
export function tinyEnvironment(workspace: string, dataDir: string): Record<string, string> {
  return {
    ZHENGXIN_WORKSPACE: workspace,
    DATA_DIR: dataDir,
    ZHENGXIN_PSEUDONYM_KEY: KEY,
    ZHENGXIN_LOG_LEVEL: "error",
  };
}

export function tinyConfig(workspace: string, dataDir = makeFolder()): Config {
  return readConfig(tinyEnvironment(workspace, dataDir));
}

/** The real chain on a workspace. The caller closes the store of the result. */
export async function runTiny(
  config: Config,
  question: { period: string; asOf: string } = JUNE,
  through: StageName = "publish",
): Promise<RunResult> {
  const request = { pipeline: "tiny", ...question, log: pino({ level: "silent" }) };
  return runPipeline(config, request, { through });
}

/** Every file below a folder by its relative name, as bytes in base64. */
export function readTree(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [relative(folder, path), readFileSync(path).toString("base64")]),
  );
}

/** Folder of a published run. */
export function publishedFolder({ context }: RunResult): string {
  const { dataDir, pipeline, period, runId } = context;
  return runFolder(dataDir, pipeline.pipeline, period.id, runId);
}

/**
 * A published folder as readTree gives it, but for the database file: DuckDB leaves unused bytes of its pages as they
 * happen to be, so what counts of it is what its tables hold.
 */
export async function readPublished(folder: string): Promise<Record<string, string>> {
  const tree = readTree(folder);
  for (const name of Object.keys(tree).filter((path) => path.endsWith(".duckdb"))) {
    tree[name] = await digestContent(join(folder, name));
  }
  return tree;
}
