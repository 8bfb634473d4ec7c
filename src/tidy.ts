import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { dayBefore } from "./present.ts";
import { listPublished, type PublishedRun } from "./publish/find-published.ts";
import { publishedFolder, runRenderings, TIDIED } from "./publish/layout.ts";
import { MANIFEST, SIGNATURE } from "./publish/manifest.ts";
import type { PipelineDefinition } from "./standard/pipeline-definition.ts";
import { quoteIdentifier, sqlFile } from "./store/sql-file.ts";
import type { Store } from "./store/store.ts";
import { readText } from "./whole-file.ts";

const sql = sqlFile(import.meta.dirname, "tidy.sql");

/** A published run that a newer one of its period has superseded and that is kept no longer. */
export interface RunToGo {
  readonly period: string;
  readonly run: string;
  readonly asOf: string;
  readonly bytes: number;
}

/** What tidying would do, and what it leaves for a reason. */
export interface TidyPlan {
  readonly go: readonly RunToGo[];
  /** Superseded runs that a document names: they stay for ever. */
  readonly cited: readonly { readonly period: string; readonly run: string }[];
}

/**
 * Which published runs of a pipeline go by what its definition keeps. The run in force of a period stays for ever, and so does one
 * that a document (a correction notice, a credit report) names.
 * @param dataDir folder of the jurisdiction
 * @param now civil time in the pipeline's zone
 */
export function planTidy(
  dataDir: string,
  { pipeline, keep }: Pick<PipelineDefinition, "pipeline" | "keep">,
  now: string,
): TidyPlan {
  if (!keep) return { go: [], cited: [] };
  const superseded = listPublished(dataDir, pipeline).filter(({ latest }) => !latest);
  const periods = new Map<string, PublishedRun[]>();
  for (const run of superseded) periods.set(run.period, [run, ...(periods.get(run.period) ?? [])]);
  const limit = dayBefore(now, keep.superseded_days);
  const old = [...periods.values()].flatMap((runs) =>
    runs.slice(keep.superseded_runs).filter(({ folder }) => writtenOn(folder) <= limit),
  );
  if (old.length === 0) return { go: [], cited: [] };
  const documents = readDocuments(dataDir);
  const isCited = ({ run }: PublishedRun) => documents.some((text) => text.includes(run));
  return {
    go: old
      .filter((run) => !isCited(run))
      .map(({ period, run, asOf, folder }) => ({ period, run, asOf, bytes: sizeOfFolder(folder) })),
    cited: old.filter(isCited).map(({ period, run }) => ({ period, run })),
  };
}

/**
 * Takes the planned runs away: of each its manifest and signature stay, so that the chain of publications can still be proven, under
 * a name that no reader takes for a month. Broken off, it is done again.
 */
export async function tidyRuns(
  store: Store,
  dataDir: string,
  pipeline: string,
  { go }: TidyPlan,
): Promise<void> {
  for (const { period, run } of go) {
    const folder = join(publishedFolder(dataDir), pipeline, period, run);
    const rest = `${folder}${TIDIED}`;
    mkdirSync(rest, { recursive: true });
    for (const name of [MANIFEST, SIGNATURE]) {
      if (existsSync(join(folder, name))) await copyFile(join(folder, name), join(rest, name));
    }
    await forgetRuns(store, [run]);
    // By one rename it is a month no longer, whatever happens while its files go.
    const going = `${folder}.unfinished`;
    if (existsSync(folder)) renameSync(folder, going);
    rmSync(going, { recursive: true, force: true });
    rmSync(runRenderings(dataDir, { pipeline, period, run }), { recursive: true, force: true });
  }
}

/** Takes the rows of runs out of the working database, with what was computed for them alone. */
export async function forgetRuns(store: Store, runs: readonly string[]): Promise<void> {
  const tables = await store.rows<{ name: string }>(sql("tables-of-runs"));
  const computed = await store.rows<{ name: string; used: string }>(sql("tables-of-computations"));
  await store.transaction(async () => {
    for (const { name } of tables) {
      const table = quoteName(name);
      await store.run(sql("forget-rows", { table }), { runs: JSON.stringify(runs) });
    }
    for (const { name, used } of computed) {
      const tables = { table: quoteName(name), used: quoteName(used) };
      await store.run(sql("forget-unused", tables));
    }
  });
}

function quoteName(name: string): string {
  return name.split(".").map(quoteIdentifier).join(".");
}

function sizeOfFolder(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

/** Day on which a run was published. */
function writtenOn(folder: string): string {
  return new Date(statSync(join(folder, MANIFEST)).mtimeMs).toISOString().slice(0, 10);
}

/** What lies beside the publications and comes from outside, or is a publication itself. */
const NO_DOCUMENTS: ReadonlySet<string> = new Set([
  "published",
  "redacted",
  "raw",
  "received",
  "inbox",
]);

/** The text of every document that was issued. */
function readDocuments(dataDir: string): string[] {
  return readdirSync(dataDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !NO_DOCUMENTS.has(entry.name))
    .flatMap((entry) =>
      readdirSync(join(dataDir, entry.name), { recursive: true, withFileTypes: true }),
    )
    .filter((entry) => entry.isFile() && /\.json$/.test(entry.name))
    .map((entry) => readText(join(entry.parentPath, entry.name)));
}
