import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "./config.ts";
import { readParquetFully } from "./repair-tables.ts";
import { isLocal, localFolder } from "./standard/inbox-connector.ts";
import type { PipelineDefinition } from "./standard/pipeline-definition.ts";
import { findPipeline, findSources, listPipelines } from "./standard/workspace.ts";
import { sqlFile } from "./store/sql-file.ts";
import { storageFaultOf } from "./store/storage-fault.ts";
import type { Store } from "./store/store.ts";

const sql = sqlFile(import.meta.dirname, "repair.sql");

/** A raw file that is missing or damaged. */
export interface RawFault {
  readonly source: string;
  readonly path: string;
  readonly problem: "missing" | "damaged";
  /** Whether a file of its name lies where its source is read from: once the damaged one is away, the next pull reads it again. */
  readonly original: boolean;
}

/** Reads every raw file the catalogue names, and tells those that are missing or damaged. */
export async function findRawFaults(
  config: Config,
  pipeline: PipelineDefinition,
  dataDir: string,
  store: Store,
): Promise<RawFault[]> {
  const files = await store.rows<{ source: string; path: string; name: string }>(sql("raw-files"));
  const folders = sourceFolders(config, pipeline, dataDir);
  const faults: RawFault[] = [];
  for (const { source, path, name } of files) {
    const problem = await problemOf(store, join(dataDir, path));
    if (!problem) continue;
    const place = folders.get(source);
    const original = place !== undefined && existsSync(join(place.folder, name));
    faults.push({ source, path, problem, original });
  }
  return faults;
}

async function problemOf(store: Store, path: string): Promise<RawFault["problem"] | undefined> {
  if (!existsSync(path)) return "missing";
  try {
    await store.rows(readParquetFully(path));
    return undefined;
  } catch (error) {
    if (storageFaultOf(error)?.kind === "damaged") return "damaged";
    throw error;
  }
}

/** Folders of all sources of a jurisdiction that lie ready on this machine. */
export function sourceFolders(
  { workspace }: Pick<Config, "workspace">,
  { jurisdiction }: Pick<PipelineDefinition, "jurisdiction">,
  dataDir: string,
): ReadonlyMap<string, { readonly folder: string; readonly match: string }> {
  const pipelines = listPipelines(workspace).map((name) => findPipeline(workspace, name));
  const sources = pipelines
    .filter((one) => one.jurisdiction === jurisdiction)
    .flatMap((one) => findSources(workspace, one));
  const folders = new Map<string, { folder: string; match: string }>();
  for (const { source, connector } of sources) {
    if (!isLocal(connector)) continue;
    const folder = localFolder(connector, source, { workspace, dataDir });
    folders.set(source, { folder, match: connector.match });
  }
  return folders;
}
