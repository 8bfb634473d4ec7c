import type { Config } from "../config.ts";
import { readManifest } from "../publish/manifest.ts";
import { openPublished } from "../publish/open-published.ts";
import { type Reading, readingOf } from "../publish/reading.ts";
import { jurisdictionFolder } from "../run-context.ts";
import { FOR_OFFICES } from "../standard/audience.ts";
import { findPipeline } from "../standard/workspace.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";
import { choosePipeline } from "./choose-pipeline.ts";
import { type CommonOptions, configFor } from "./command.ts";
import { findShown } from "./show-published.ts";

/** A published period, opened for reading; its tables are in the schema `published`. The caller closes the store. */
export interface PublishedPeriod {
  readonly store: Store;
  readonly config: Config;
  readonly pipeline: string;
  readonly jurisdiction: string;
  /** What may be shown of it: the published folder, or its redacted rendering. */
  readonly folder: string;
  readonly dataDir: string;
  readonly period: string;
  readonly asOf: string;
  readonly run: string;
  /** Levels in the order of the report. */
  readonly levels: readonly string[];
  readonly sql: ReturnType<typeof sqlFile>;
}

const sql = sqlFile(import.meta.dirname, "published.sql");

/**
 * Opens the period asked for as published last, or as known at the as-of time asked for.
 * @throws Error in a sentence naming what is published when there is none such
 */
export async function openPublishedPeriod(
  named: string | undefined,
  options: CommonOptions,
): Promise<PublishedPeriod> {
  const config = configFor(options);
  const pipeline = findPipeline(config.workspace, choosePipeline(config.workspace, named));
  const dataDir = jurisdictionFolder(config, pipeline);
  const { folder } = await findShown(config, pipeline, options);
  const manifest = readManifest(folder);
  return {
    store: await openPublished(
      config,
      ((await readingOf(config.workspace, folder, FOR_OFFICES)) as Reading).folder,
    ),
    config,
    pipeline: pipeline.pipeline,
    jurisdiction: pipeline.jurisdiction,
    folder,
    dataDir,
    period: manifest.period.id,
    asOf: manifest.as_of,
    run: manifest.run,
    levels: pipeline.report.levels.map(({ level }) => level),
    sql,
  };
}

/** Puts rows into the report's order of levels; within a level they keep theirs. */
export function orderByLevel<T extends { readonly level: string }>(
  { levels }: PublishedPeriod,
  rows: readonly T[],
): T[] {
  const place = ({ level }: T) => (levels.includes(level) ? levels.indexOf(level) : levels.length);
  return rows.toSorted((a, b) => place(a) - place(b));
}
