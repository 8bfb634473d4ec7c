import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "./config.ts";
import { listAllPublished } from "./publish/find-published.ts";
import { type Manifest, readManifest } from "./publish/manifest.ts";
import { receivedPath } from "./pull/connect/note-received.ts";
import { findFiles } from "./pull/find-files.ts";
import { hashFile } from "./pull/hash-file.ts";
import { TOGETHER } from "./pull/take-files.ts";
import { sourceFolders } from "./raw-faults.ts";
import type { KeptOrigin } from "./repair-tables.ts";
import type { PipelineDefinition } from "./standard/pipeline-definition.ts";
import { quoteLiteral, sqlFile } from "./store/sql-file.ts";
import { storageFaultOf } from "./store/storage-fault.ts";
import type { Store } from "./store/store.ts";

const sql = sqlFile(import.meta.dirname, "repair.sql");

interface FoundFile {
  readonly source_id: string;
  readonly file_name: string;
  readonly file_hash: string;
  readonly bytes: number;
  readonly format: string;
  readonly row_count: number;
  readonly refused_because: string | null;
  /** As-of time of the first publication that knew it. */
  readonly received_at: string;
}

/** Tables of which publications tell something. */
const NAMED = [
  "raw.batch",
  "raw.file",
  "raw.file_event",
  "raw.pull_attempt",
  "raw.received",
] as const;

/** Stands behind a format that was rebuilt: the file is read again when it lies in its folder, and what was noted of it then. */
const READ_AGAIN = " rebuilt";

/**
 * Rebuilds which files were received from what is published: each publication names its files, and the first that knew a
 * file was made when it was received. Files that were never published are received anew by the next pull.
 */
export async function cataloguePublished(
  config: Config,
  pipeline: Pick<PipelineDefinition, "jurisdiction" | "sources">,
  dataDir: string,
  store: Store,
): Promise<KeptOrigin[]> {
  const runs = listAllPublished(dataDir).toSorted((a, b) => (a.asOf < b.asOf ? -1 : 1));
  const manifests = runs.map(({ folder }) => readManifest(folder));
  const files = new Map<string, FoundFile>();
  for (const { folder, asOf } of runs) {
    for (const file of await readFiles(store, join(folder, "data", "file.parquet"))) {
      const key = `${file.source_id} ${file.file_hash}`;
      if (!files.has(key)) files.set(key, { ...file, received_at: asOf });
    }
  }
  const place = (source: string) => pipeline.sources.indexOf(source);
  const ordered = [...files.values()].sort(
    (a, b) =>
      compare(a.received_at, b.received_at) ||
      place(a.source_id) - place(b.source_id) ||
      compare(a.source_id, b.source_id) ||
      compare(a.file_name, b.file_name),
  );
  const originals = await findOriginals(config, pipeline, dataDir);
  const together = await findTogether(
    store,
    dataDir,
    new Set(ordered.map((file) => file.source_id)),
  );
  await store.transaction(async () => {
    for (const [index, file] of ordered.entries()) {
      const original = originals.get(`${file.source_id} ${file.file_hash}`);
      const own = `raw/${file.source_id}/${file.file_hash}.parquet`;
      const parquet = existsSync(join(dataDir, own))
        ? own
        : (together.get(`${file.source_id} ${file.file_hash}`) ?? "");
      await noteFile(store, index + 1, file, { original, parquet });
      await noteReceived(store, dataDir, file);
    }
    await noteEvents(store, manifests);
  });
  const origins: KeptOrigin[] = [];
  for (const table of NAMED) {
    const counted = await store.row<{ count: number }>(sql("count", { table }));
    origins.push({ table, from: "published", rows: counted?.count ?? 0 });
  }
  return origins;
}

/** Names of the files that lie in the folders of their sources, by source and sha-256: what is published does not name them. */
async function findOriginals(
  config: Config,
  pipeline: Pick<PipelineDefinition, "jurisdiction">,
  dataDir: string,
): Promise<ReadonlyMap<string, string>> {
  const originals = new Map<string, string>();
  for (const [source, { folder, match }] of sourceFolders(config, pipeline, dataDir)) {
    for (const name of findFiles(folder, match)?.names ?? []) {
      const key = `${source} ${await hashFile(join(folder, name))}`;
      if (!originals.has(key)) originals.set(key, name);
    }
  }
  return originals;
}

async function readFiles(
  store: Store,
  path: string,
): Promise<readonly Omit<FoundFile, "received_at">[]> {
  if (!existsSync(path)) return [];
  try {
    return await store.rows(sql("published-files", { path: quoteLiteral(path) }));
  } catch (error) {
    // A publication that is damaged too cannot be asked.
    if (storageFaultOf(error)) return [];
    throw error;
  }
}

/** Raw files that hold the rows of several files, by source and sha-256 of each of these. */
async function findTogether(
  store: Store,
  dataDir: string,
  sources: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string>> {
  const together = new Map<string, string>();
  for (const source of sources) {
    const folder = join(dataDir, "raw", source);
    for (const name of findFiles(folder, `${TOGETHER}*.parquet`)?.names ?? []) {
      const path = quoteLiteral(join(folder, name));
      const held = await store.rows<{ file_hash: string }>(sql("files-together", { path }));
      for (const { file_hash } of held)
        together.set(`${source} ${file_hash}`, `raw/${source}/${name}`);
    }
  }
  return together;
}

async function noteFile(
  store: Store,
  fileId: number,
  file: FoundFile,
  { original, parquet }: { original: string | undefined; parquet: string },
): Promise<void> {
  const { source_id, file_hash, received_at, format } = file;
  const batch_id = createHash("sha256").update(`${source_id}\n${received_at}`).digest("hex");
  await store.run(sql("note-batch"), { batch_id, source_id, received_at });
  await store.run(sql("note-file"), {
    file_id: fileId,
    batch_id,
    source_id,
    file_name: original ?? file.file_name,
    file_hash,
    bytes: file.bytes,
    format: original ? `${format}${READ_AGAIN}` : format,
    row_count: file.row_count,
    parquet_path: parquet,
    received_at,
    // Conform refuses again what it refused; what could not be read at all is refused for good.
    refused_because: parquet === "" ? file.refused_because : null,
  });
}

/** A file that a connector fetched is offered to pull by what is noted of its receipt. */
async function noteReceived(store: Store, dataDir: string, file: FoundFile): Promise<void> {
  const { source_id, file_name, file_hash, bytes, received_at } = file;
  const path = receivedPath(source_id, file_hash);
  if (!existsSync(join(dataDir, path))) return;
  const row = { source_id, file_name, file_hash, bytes, path, received_at };
  await store.run(sql("note-received"), row);
}

async function noteEvents(store: Store, manifests: readonly Manifest[]): Promise<void> {
  const events = new Map<string, NonNullable<Manifest["file_events"]>[number]>();
  for (const { file_events = [], failed_pulls = [] } of manifests) {
    for (const event of file_events) events.set(JSON.stringify(event), event);
    for (const { source, attempted_at, message_zh, message_en } of failed_pulls) {
      const failed_because = `${message_zh}\n${message_en}`;
      await store.run(sql("note-failed-pull"), { source, attempted_at, failed_because });
    }
  }
  const ordered = [...events.values()].sort((a, b) => compare(a.at, b.at));
  for (const [index, event] of ordered.entries()) {
    await store.run(sql("note-event"), { event_id: index + 1, ...event });
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
