import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import type { Context } from "../context.ts";
import { warningsOf } from "../definitions-on.ts";
import { readLaws } from "../standard/law-register.ts";
import { readLists } from "../standard/list-definition.ts";
import { readRuleFile } from "../standard/record-rules.ts";
import { DATABASE, digestArrow, digestDatabase } from "./files.ts";
import { digestRecords, RECORDS } from "./records.ts";

export const MANIFEST = "manifest.json";

const PROGRAM = join(import.meta.dirname, "..", "..");

export interface Manifest {
  readonly zhengxin: string;
  readonly period: { readonly id: string; readonly starts_on: string; readonly ends_on: string };
  readonly as_of: string;
  readonly run: string;
  readonly pipeline: string;
  readonly jurisdiction: string;
  readonly synthetic: boolean;
  readonly standard: { readonly id: string; readonly version: string; readonly sha256: string };
  readonly code: { readonly version: string; readonly sha256: string };
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
  readonly indicators: Readonly<Record<string, string>>;
  /** sha-256 of the warning rules by id. */
  readonly warnings: Readonly<Record<string, string>>;
  /** The list rules and the sha-256 of their file; none: the pipeline draws up no lists. */
  readonly lists: { readonly id: string; readonly sha256: string } | null;
  /** sha-256 of the register of laws that the definitions cite. */
  readonly laws: string;
  /** sha-256 of the dated rules of records by id. */
  readonly rules: Readonly<Record<string, string>>;
  readonly outputs: readonly PublishedFile[];
}

/** A file and its sum. A DuckDB file has `content` instead (see digestDatabase): its bytes differ from run to run. */
export interface PublishedFile {
  readonly path: string;
  readonly bytes?: number;
  readonly sha256?: string;
  readonly content?: string;
}

/** Reads the manifest of a published folder. */
export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, MANIFEST), "utf8"));
}

/**
 * Writes the manifest of a finished folder, last of all files.
 * @param records digest of records.duckdb
 */
export async function writeManifest(
  context: Context,
  folder: string,
  records: string,
): Promise<void> {
  const { pipeline, period, standard } = context;
  const manifest: Manifest = {
    zhengxin: "published month, format 1",
    period: { id: period.id, starts_on: period.start, ends_on: period.end },
    as_of: context.asOf,
    run: context.runId,
    pipeline: pipeline.pipeline,
    jurisdiction: pipeline.jurisdiction,
    synthetic: pipeline.report.synthetic !== undefined,
    standard: { id: standard.id, version: standard.version, sha256: standard.hash },
    code: readCodeVersion(),
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
    indicators: Object.fromEntries(
      [...context.indicators.values()].map(({ id, hash }): [string, string] => [id, hash]).sort(),
    ),
    warnings: Object.fromEntries(warningsOf(context).map(({ id, hash }) => [id, hash])),
    lists: context.pipeline.lists === undefined ? null : identifyLists(context),
    laws: readLaws(context.workspace).hash,
    rules: Object.fromEntries(
      (pipeline.rules ?? []).map((id) => [id, readRuleFile(context.workspace, id).hash]),
    ),
    outputs: sumFiles(folder, records),
  };
  writeFileSync(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
}

function identifyLists({ workspace, pipeline, standard }: Context) {
  const { id, hash } = readLists(workspace, pipeline.lists as string, standard);
  return { id, sha256: hash };
}

/** Sums of every file of a published folder but the manifest, by path. */
export function sumFiles(folder: string, records = ""): PublishedFile[] {
  return listFolder(folder)
    .filter((path) => path !== MANIFEST)
    .map((path) => {
      if (path === DATABASE) return { path, content: digestArrow(folder) };
      if (path === RECORDS) return { path, content: records };
      return {
        path,
        bytes: statSync(join(folder, path)).size,
        sha256: sumFile(join(folder, path)),
      };
    });
}

/** How a file of a published folder differs from what its manifest says of it. */
export interface Difference {
  readonly path: string;
  readonly reason: "missing" | "size" | "hash" | "content" | "unlisted";
}

/**
 * Compares the files of a folder with a manifest, of this folder or of another that should be equal.
 * DuckDB files are opened and what they say is compared, not their bytes.
 */
export async function compareWithManifest(
  manifest: Manifest,
  folder: string,
): Promise<Difference[]> {
  const held = new Map(sumFiles(folder).map((file) => [file.path, file]));
  const differences: Difference[] = [];
  for (const listed of manifest.outputs) {
    const { path } = listed;
    const found = held.get(path);
    held.delete(path);
    if (!found) differences.push({ path, reason: "missing" });
    else if (listed.content !== undefined) {
      if ((await tryDigest(join(folder, path))) !== listed.content) {
        differences.push({ path, reason: "content" });
      }
    } else if (found.bytes !== listed.bytes) differences.push({ path, reason: "size" });
    else if (found.sha256 !== listed.sha256) differences.push({ path, reason: "hash" });
  }
  for (const path of held.keys()) differences.push({ path, reason: "unlisted" });
  return differences;
}

/** What one of the two DuckDB files of a published folder says, as its manifest has it. */
export function digestContent(database: string): Promise<string> {
  return basename(database) === RECORDS ? digestRecords(database) : digestDatabase(database);
}

async function tryDigest(database: string): Promise<string | undefined> {
  try {
    return await digestContent(database);
  } catch {
    // A file that cannot be opened says nothing, so it differs.
    return undefined;
  }
}

/**
 * The program: its package version, and sha-256 over the lines "<sha-256>  <path>\n" of every file below src/,
 * by path. `( cd src && find . -type f | LC_ALL=C sort | xargs sha256sum ) | sed 's| \./| |' | sha256sum` gives the same.
 */
export function readCodeVersion(): { version: string; sha256: string } {
  const { version } = JSON.parse(readFileSync(join(PROGRAM, "package.json"), "utf8"));
  const folder = join(PROGRAM, "src");
  const sum = createHash("sha256");
  for (const path of listFolder(folder)) sum.update(`${sumFile(join(folder, path))}  ${path}\n`);
  return { version, sha256: sum.digest("hex") };
}

function sumFile(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

/** Paths of all files below a folder, with "/" between parts, in the order of their bytes. */
function listFolder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
