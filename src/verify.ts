import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Logger } from "pino";
import type { Config } from "./config.ts";
import { AT_FAULT } from "./conform/raw-files.ts";
import type { Progress } from "./context.ts";
import { describeDefinitions, type ManifestDefinitions } from "./publish/describe-definitions.ts";
import { runFolder } from "./publish/layout.ts";
import {
  compareWithManifest,
  type Difference,
  type Manifest,
  readManifest,
} from "./publish/manifest.ts";
import { refreshViews } from "./pull/views.ts";
import { runStages } from "./run.ts";
import { openContext, WORKING_DATABASE } from "./run-context.ts";
import { quoteLiteral, sqlFile } from "./store/sql-file.ts";
import { Store } from "./store/store.ts";
import { type Cause, compareManifests, findCauses } from "./verify-causes.ts";
import { sumFile } from "./whole-file.ts";

const sql = sqlFile(import.meta.dirname, "verify.sql");

export interface Verification {
  readonly folder: string;
  readonly run: string;
  /** Files that came out otherwise when built again from the raw files. */
  readonly rebuiltOtherwise: readonly Difference[];
  /** Entries of the manifest that came out otherwise, as "inputs.3.rows"; those of definitions are causes. */
  readonly manifestOtherwise: readonly string[];
  /** Definitions that are no longer those the period was published by. */
  readonly causes: readonly Cause[];
  readonly files: number;
}

/**
 * Proves a published period by building it again in an empty database, from nothing but the raw files the manifest names:
 * the files its manifest names come out with the same bytes, as does the manifest itself. Whether those that lie there are
 * the same is for checkFolder to say.
 * @param dataDir folder of the jurisdiction, `folder` the published one
 * @throws Error in a sentence when a raw file the manifest names is no longer held
 */
export async function verifyPublished(
  config: Config,
  { dataDir, folder }: { readonly dataDir: string; readonly folder: string },
  watch: { readonly log: Logger; readonly progress: Progress },
): Promise<Verification> {
  const manifest = readManifest(folder);
  const place = mkdtempSync(join(tmpdir(), "zhengxin-verify-"));
  try {
    const question = askAgain(manifest);
    const { rebuilt, definitions } = await rebuild(config, dataDir, question, place, watch);
    return {
      folder,
      run: manifest.run,
      rebuiltOtherwise: await compareWithManifest(manifest, rebuilt),
      manifestOtherwise: compareManifests(manifest, readManifest(rebuilt)),
      causes: findCauses(manifest, definitions),
      files: manifest.outputs.length,
    };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** A publication to be built again: what was asked, and of what was known then. */
export interface PastQuestion {
  readonly pipeline: string;
  /** Id of the period. */
  readonly period: string;
  readonly asOf: string;
  /** As its manifest has it; without, all that the working database knows of, as far as it was known then. */
  readonly known?: Pick<Manifest, "inputs" | "file_events" | "failed_pulls"> | undefined;
}

/** What a manifest says its publication was made of. */
export function askAgain(manifest: Manifest): PastQuestion {
  const { pipeline, period, as_of: asOf } = manifest;
  return { pipeline, period: period.id, asOf, known: manifest };
}

/**
 * Builds a publication again in an empty folder, unsigned; gives the folder of the run, and the definitions it was made by.
 * @param dataDir folder of the jurisdiction with its raw files and working database
 * @throws Error in a sentence when raw files are not as they were
 */
export async function rebuild(
  config: Config,
  dataDir: string,
  { pipeline, period, asOf, known }: PastQuestion,
  place: string,
  watch: { readonly log: Logger; readonly progress: Progress },
): Promise<{ readonly rebuilt: string; readonly definitions: ManifestDefinitions }> {
  const store = await Store.open(join(place, WORKING_DATABASE), config);
  try {
    const database = join(dataDir, WORKING_DATABASE);
    if (known) await copyCatalogue(store, database, known);
    else await copyFiles(store, database, undefined);
    await checkRedacted(store, dataDir);
    symlinkSync(join(dataDir, "raw"), join(place, "raw"));
    const options = { pipeline, period, asOf, ...watch, place: { store, dataDir: place } };
    const context = await openContext(config, { ...options, rebuilds: true });
    for (const { source, attempted_at, message_zh, message_en } of known?.failed_pulls ?? []) {
      await store.run(sql("restore-failed-pull"), {
        source_id: source,
        attempted_at,
        failed_because: `${message_zh}\n${message_en}`,
      });
    }
    await refreshViews(context);
    const { context: done } = await runStages(context, "conform", "publish");
    const rebuilt = runFolder(place, done.pipeline.pipeline, done.period.id, done.runId);
    return { rebuilt, definitions: describeDefinitions(context) };
  } finally {
    store.close();
  }
}

/** A raw file that was redacted must be as the redaction left it: its own hash is that of the file received. */
async function checkRedacted(store: Store, dataDir: string): Promise<void> {
  const files = await store.rows<{ parquet_path: string; parquet_hash: string }>(sql("redacted"));
  for (const { parquet_path, parquet_hash } of files) {
    if (sumFile(join(dataDir, parquet_path)) === parquet_hash) continue;
    throw new Error(
      `The raw file ${parquet_path} is not as it was left when personal data was taken out of it: somebody changed it, so no period can be proven from it. Restore it from a backup.`,
    );
  }
}

/** Takes over which files were received, and no more, from the working database. */
async function copyCatalogue(
  store: Store,
  workingDatabase: string,
  { inputs, file_events: events = [] }: Pick<Manifest, "inputs" | "file_events">,
): Promise<void> {
  const named = new Map(
    [
      ...inputs,
      ...events,
      ...events.flatMap(({ source, by_sha256 }) =>
        by_sha256 === null ? [] : [{ source, sha256: by_sha256 }],
      ),
    ].map(({ source, sha256 }) => [`${source} ${sha256}`, { source, sha256, refused: false }]),
  );
  for (const { source, sha256, refused } of inputs) {
    named.set(`${source} ${sha256}`, { source, sha256, refused });
  }
  await copyFiles(store, workingDatabase, [...named.values()]);
  const held = await store.row<{ files: number }>(sql("count-files"));
  for (const [index, event] of events.entries()) {
    await store.run(sql("restore-event"), { event_id: index + 1, ...event });
  }
  if (held?.files !== named.size) {
    throw new Error(
      `The manifest names ${named.size} input files, but only ${held?.files ?? 0} of them are still held in ${workingDatabase}; the period cannot be rebuilt from it.`,
    );
  }
}

const OF_FILES = [
  "copy-batches",
  "copy-unreadable",
  "copy-keys",
  "copy-redactions",
  "copy-releases",
  "copy-descriptions",
  "copy-file-descriptions",
] as const;

/** A file that a publication was made of, and whether it was refused as a whole then. */
interface PastFile {
  readonly source: string;
  readonly sha256: string;
  readonly refused: boolean;
}

/** @param named files to take over; without, all that were received, and what was noted of them */
async function copyFiles(
  store: Store,
  workingDatabase: string,
  named: readonly PastFile[] | undefined,
): Promise<void> {
  await store.attach(workingDatabase, "held");
  try {
    const inputs = named ?? (await store.rows(sql("list-files")));
    await store.run(sql("copy-files", { at_fault: quoteLiteral(AT_FAULT) }), {
      inputs: JSON.stringify(inputs),
    });
    for (const name of OF_FILES) await store.run(sql(name));
    if (!named) for (const name of ["copy-events", "copy-attempts"]) await store.run(sql(name));
  } finally {
    await store.run(sql("detach"));
  }
}
