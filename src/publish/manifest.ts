import { lstatSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import type { Context, Signer } from "../context.ts";
import type { Audience } from "../standard/audience.ts";
import { storageFaultOf } from "../store/storage-fault.ts";
import { readBytes, readText, sumFile } from "../whole-file.ts";
import { writeWhole } from "../write-whole.ts";
import { describeDefinitions, type ManifestDefinitions } from "./describe-definitions.ts";
import { DATABASE, digestArrow, digestDatabase } from "./files.ts";
import { listEmptyFolders, listFolder } from "./folder-files.ts";
import { audienceOfFile, LAYOUT } from "./layout.ts";
import { type Output, withheldFrom } from "./outputs.ts";
import { digestRecords, RECORDS } from "./records.ts";

export const MANIFEST = "manifest.json";

/** The office's signature beside the manifest: Ed25519 over its bytes, 64 bytes. */
export const SIGNATURE = "manifest.sig";

export interface Manifest extends ManifestDefinitions {
  readonly zhengxin: string;
  readonly period: { readonly id: string; readonly starts_on: string; readonly ends_on: string };
  readonly as_of: string;
  readonly run: string;
  readonly pipeline: string;
  readonly jurisdiction: string;
  readonly synthetic: boolean;
  readonly inputs: readonly {
    readonly source: string;
    readonly name: string;
    readonly sha256: string;
    readonly rows: number;
    readonly refused: boolean;
  }[];
  /**
   * What was noted of files after they were received, in that order: gone from their folder, back, withdrawn, restored.
   * Files that were out of force are named here alone. Absent in manifests of older programs.
   */
  readonly file_events?: readonly {
    readonly source: string;
    readonly sha256: string;
    readonly event: string;
    readonly at: string;
    readonly by_sha256: string | null;
  }[];
  /** Sources that could not be fetched for the run, which the reports say. */
  readonly failed_pulls: readonly {
    readonly source: string;
    readonly attempted_at: string;
    readonly message_zh: string;
    readonly message_en: string;
  }[];
  /** For whom the publication is at all; absent in manifests of older programs: everybody. */
  readonly audience?: Audience;
  /** Outputs that are not public, and for whom each is; absent in manifests of older programs. */
  readonly not_public?: readonly Output[];
  readonly outputs: readonly PublishedFile[];
}

/** A file and its sum. A DuckDB file has `content` instead (see digestDatabase): its bytes differ from run to run. */
export interface PublishedFile {
  readonly path: string;
  readonly bytes?: number;
  readonly sha256?: string;
  readonly content?: string;
  /** For whose eyes it is; absent in manifests of older programs, whose files hold everything. */
  readonly audience?: Audience;
}

/** A manifest that is missing, cannot be read, or is no longer whole, as a sentence in each language. */
export class ManifestError extends Error {
  readonly sentence: { readonly zh: string; readonly en: string };

  constructor(
    readonly folder: string,
    readonly problem: "missing" | "unreadable" | "damaged" | "newer",
    cause?: unknown,
  ) {
    const zh = MANIFEST_PROBLEMS[problem].zh(folder);
    const en = MANIFEST_PROBLEMS[problem].en(folder);
    super(`${zh} ${en}`, { cause });
    this.name = "ManifestError";
    this.sentence = { zh, en };
  }
}

const MANIFEST_PROBLEMS = {
  missing: {
    zh: (folder: string) => `${folder} 中没有 ${MANIFEST}。`,
    en: (folder: string) => `${folder} has no ${MANIFEST}.`,
  },
  unreadable: {
    zh: (folder: string) => `${folder} 中的 ${MANIFEST} 读不了，请检查权限与磁盘。`,
    en: (folder: string) =>
      `The ${MANIFEST} of ${folder} cannot be read; look at its permissions and at the disk.`,
  },
  newer: {
    zh: (folder: string) =>
      `${folder} 由更新版本的程序发布，本程序只认得到第 ${LAYOUT} 版的版式。请升级程序后再读。`,
    en: (folder: string) =>
      `${folder} was published by a newer program; this one knows layouts up to version ${LAYOUT}. Upgrade it, then read the period.`,
  },
  damaged: {
    zh: (folder: string) => `${folder} 中的 ${MANIFEST} 已损坏或不完整。`,
    en: (folder: string) => `The ${MANIFEST} of ${folder} is damaged or cut off.`,
  },
} as const;

/** What a manifest has whichever program wrote it. */
const MANIFEST_SHAPE = z.looseObject({
  period: z.looseObject({ id: z.string() }),
  run: z.string(),
  pipeline: z.string(),
  inputs: z.array(z.looseObject({ source: z.string(), sha256: z.string() })).optional(),
  outputs: z.array(z.looseObject({ path: z.string() })).optional(),
});

/**
 * Reads the manifest of a published folder.
 * @throws ManifestError
 */
export function readManifest(folder: string): Manifest {
  let text: string;
  try {
    text = readText(join(folder, MANIFEST));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const missing = code === "ENOENT" || code === "ENOTDIR";
    throw new ManifestError(folder, missing ? "missing" : "unreadable", error);
  }
  let manifest: Manifest;
  try {
    const read: unknown = JSON.parse(text);
    MANIFEST_SHAPE.parse(read);
    manifest = read as Manifest;
  } catch (error) {
    throw new ManifestError(folder, "damaged", error);
  }
  if (layoutOf(manifest) > LAYOUT) throw new ManifestError(folder, "newer");
  return manifest;
}

/** Version of the layout that a manifest states. */
export function layoutOf({ zhengxin }: Manifest): number {
  return Number(/^published month, format (\d+)$/.exec(zhengxin)?.[1] ?? 1);
}

/** sha-256 of the bytes of a folder's manifest. */
export function readManifestHash(folder: string): string {
  return sumFile(join(folder, MANIFEST));
}

/**
 * Writes the manifest of a finished folder, last of all files.
 * @param outputs whatever the run tells, and for whom
 * @param records digests of the single records by path
 */
export async function writeManifest(
  context: Context,
  folder: string,
  outputs: readonly Output[],
  records: ReadonlyMap<string, string>,
): Promise<void> {
  const { pipeline, period } = context;
  const manifest: Manifest = {
    zhengxin: `published month, format ${LAYOUT}`,
    period: { id: period.id, starts_on: period.start, ends_on: period.end },
    as_of: context.asOf,
    run: context.runId,
    pipeline: pipeline.pipeline,
    jurisdiction: pipeline.jurisdiction,
    synthetic: pipeline.report.synthetic !== undefined,
    ...describeDefinitions(context),
    inputs: await context.store.rows(
      `SELECT source_id AS source, file_name AS name, file_hash AS sha256, row_count AS rows, refused
       FROM draft.published_file ORDER BY source_id, file_name, file_hash`,
    ),
    file_events: await context.store.rows(
      `SELECT e.source_id AS source, f.file_hash AS sha256, e.event, CAST(e.known_at AS VARCHAR) AS at, b.file_hash AS by_sha256
       FROM known.file_event e JOIN known.held_file f ON f.file_id = e.file_id LEFT JOIN raw.file b ON b.file_id = e.by_file
       WHERE list_contains(CAST(CAST($sources AS JSON) AS VARCHAR[]), e.source_id) ORDER BY e.event_id`,
      { sources: JSON.stringify(pipeline.sources) },
    ),
    failed_pulls: await context.store.rows(
      `SELECT source_id AS source, CAST(attempted_at AS VARCHAR) AS attempted_at, message_zh, message_en
       FROM checks.failed_pull WHERE run_id = $run_id ORDER BY source_id`,
      { run_id: context.runId },
    ),
    audience: pipeline.audience ?? "public",
    not_public: withheldFrom(outputs, "public"),
    outputs: sumFiles(folder, records),
  };
  writeWhole(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Signs the manifest of a folder. */
export function signManifest(folder: string, signer: Signer): void {
  writeWhole(join(folder, SIGNATURE), signer.sign(readBytes(join(folder, MANIFEST))));
}

/** Sums of every file of a published folder but the manifest, by path. */
export function sumFiles(
  folder: string,
  records: ReadonlyMap<string, string> = new Map(),
): PublishedFile[] {
  return listFolder(folder)
    .filter((path) => path !== MANIFEST && path !== SIGNATURE)
    .map((path) => {
      const audience = audienceOfFile(path);
      const name = basename(path);
      if (name === DATABASE) {
        return { path, content: digestArrow(dirname(join(folder, path))), audience };
      }
      if (name === RECORDS) return { path, content: records.get(path) ?? "", audience };
      return {
        path,
        bytes: statSync(join(folder, path)).size,
        sha256: sumFile(join(folder, path)),
        audience,
      };
    });
}

/** How a file of a published folder differs from what its manifest says of it. */
export interface Difference {
  readonly path: string;
  readonly reason: "missing" | "size" | "hash" | "content" | "unlisted" | "unreadable" | "link";
}

/**
 * Compares the files of a folder with a manifest, of this folder or of another that should be equal.
 * DuckDB files are opened and what they say is compared, not their bytes.
 */
export async function compareWithManifest(
  manifest: Manifest,
  folder: string,
): Promise<Difference[]> {
  const held = new Set(listFolder(folder));
  for (const own of [MANIFEST, SIGNATURE]) held.delete(own);
  const differences: Difference[] = [];
  for (const listed of manifest.outputs) {
    const { path } = listed;
    const reason = held.delete(path) ? await compareFile(listed, join(folder, path)) : "missing";
    if (reason) differences.push({ path, reason });
  }
  for (const path of held) differences.push({ path, reason: "unlisted" });
  for (const path of listEmptyFolders(folder)) {
    differences.push({ path: `${path}/`, reason: "unlisted" });
  }
  return differences;
}

async function compareFile(
  listed: PublishedFile,
  file: string,
): Promise<Difference["reason"] | undefined> {
  try {
    const found = lstatSync(file);
    if (!found.isFile()) return "link";
    if (listed.content !== undefined) {
      return (await digestContent(file)) === listed.content ? undefined : "content";
    }
    if (found.size !== listed.bytes) return "size";
    return sumFile(file) === listed.sha256 ? undefined : "hash";
  } catch (error) {
    // A database that cannot be opened says nothing, so it differs; a file that may not be read is another matter.
    const isSystems = (error as NodeJS.ErrnoException).code !== undefined;
    return isSystems || storageFaultOf(error)?.kind === "denied" ? "unreadable" : "content";
  }
}

/** What one of the two DuckDB files of a published folder says, as its manifest has it. */
export function digestContent(database: string): Promise<string> {
  return basename(database) === RECORDS ? digestRecords(database) : digestDatabase(database);
}
