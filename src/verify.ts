import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Logger } from "pino";
import type { Config } from "./config.ts";
import type { Progress } from "./context.ts";
import { describeDefinitions } from "./publish/describe-definitions.ts";
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
import { sqlFile } from "./store/sql-file.ts";
import { Store } from "./store/store.ts";
import { type Cause, compareManifests, findCauses } from "./verify-causes.ts";

const sql = sqlFile(import.meta.dirname, "verify.sql");

export interface Verification {
  readonly folder: string;
  readonly run: string;
  /** Files that are not what the manifest says they are. */
  readonly changed: readonly Difference[];
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
 * the files are those of the manifest, and come out with the same bytes, as does the manifest itself.
 * @param dataDir folder of the jurisdiction, `folder` the published one
 * @throws Error in a sentence when a raw file the manifest names is no longer held
 */
export async function verifyPublished(
  config: Config,
  { dataDir, folder }: { readonly dataDir: string; readonly folder: string },
  watch: { readonly log: Logger; readonly progress: Progress },
): Promise<Verification> {
  const manifest = readManifest(folder);
  const changed = await compareWithManifest(manifest, folder);
  const place = mkdtempSync(join(tmpdir(), "zhengxin-verify-"));
  try {
    const { rebuilt, causes } = await rebuild(config, dataDir, manifest, place, watch);
    return {
      folder,
      run: manifest.run,
      changed,
      rebuiltOtherwise: await compareWithManifest(manifest, rebuilt),
      manifestOtherwise: compareManifests(manifest, readManifest(rebuilt)),
      causes,
      files: manifest.outputs.length,
    };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** Builds a period again in an empty folder; gives the folder of the run, and which definitions have changed since. */
async function rebuild(
  config: Config,
  dataDir: string,
  manifest: Manifest,
  place: string,
  watch: { readonly log: Logger; readonly progress: Progress },
): Promise<{ readonly rebuilt: string; readonly causes: readonly Cause[] }> {
  const store = await Store.open(join(place, WORKING_DATABASE), config);
  try {
    await copyCatalogue(store, join(dataDir, WORKING_DATABASE), manifest);
    await checkRedacted(store, dataDir);
    symlinkSync(join(dataDir, "raw"), join(place, "raw"));
    const context = await openContext(config, {
      pipeline: manifest.pipeline,
      period: manifest.period.id,
      asOf: manifest.as_of,
      ...watch,
      place: { store, dataDir: place },
      rebuilds: true,
    });
    for (const { source, attempted_at, message_zh, message_en } of manifest.failed_pulls ?? []) {
      await store.run(sql("restore-failed-pull"), {
        source_id: source,
        attempted_at,
        failed_because: `${message_zh}\n${message_en}`,
      });
    }
    await refreshViews(context);
    const { context: done } = await runStages(context, "conform", "publish");
    const rebuilt = runFolder(place, done.pipeline.pipeline, done.period.id, done.runId);
    return { rebuilt, causes: findCauses(manifest, describeDefinitions(context)) };
  } finally {
    store.close();
  }
}

/** A raw file that was redacted must be as the redaction left it: its own hash is that of the file received. */
async function checkRedacted(store: Store, dataDir: string): Promise<void> {
  const files = await store.rows<{ parquet_path: string; parquet_hash: string }>(sql("redacted"));
  for (const { parquet_path, parquet_hash } of files) {
    const bytes = readFileSync(join(dataDir, parquet_path));
    if (createHash("sha256").update(bytes).digest("hex") === parquet_hash) continue;
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
    ].map(({ source, sha256 }) => [`${source} ${sha256}`, { source, sha256 }]),
  );
  const parameters = { inputs: JSON.stringify([...named.values()]) };
  await store.attach(workingDatabase, "held");
  try {
    for (const name of [
      "copy-files",
      "copy-batches",
      "copy-unreadable",
      "copy-keys",
      "copy-redactions",
      "copy-releases",
    ]) {
      await store.run(sql(name), name === "copy-files" ? parameters : {});
    }
  } finally {
    await store.run(sql("detach"));
  }
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
