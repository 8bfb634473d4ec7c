import { copyFileSync, existsSync, mkdirSync, statSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import type { Config } from "../config.ts";
import {
  DATABASE,
  type PublishedTable,
  writeArrow,
  writeDatabase,
  writeParquet,
} from "../publish/files.ts";
import { listFolder } from "../publish/folder-files.ts";
import { gatherReport } from "../publish/gather.ts";
import { audienceOfFile, editionFolder } from "../publish/layout.ts";
import {
  digestContent,
  MANIFEST,
  type Manifest,
  type PublishedFile,
  readManifest,
  readManifestHash,
} from "../publish/manifest.ts";
import { withheldFrom } from "../publish/outputs.ts";
import { REPORTS, writeReports } from "../publish/publish.ts";
import { hasEditions } from "../publish/reading.ts";
import { RECORDS } from "../publish/records.ts";
import type { Redaction } from "../publish/report.ts";
import type { Audience } from "../standard/audience.ts";
import { Store } from "../store/store.ts";
import { sumFile } from "../whole-file.ts";
import { writeWhole } from "../write-whole.ts";
import { listHeldEditions } from "./held-editions.ts";
import type { Lapse } from "./lapsed.ts";
import { createRedacted, namesRecords } from "./redact-tables.ts";
import type { RenderingNote } from "./rendering-note.ts";
import { withReportContext } from "./report-context.ts";

/** The notice as a file of its own, for those who take tables and no report. */
export const NOTICE_FILE = "notice.txt";

export const RENDERING_FORMAT = "redacted rendering of a published month, format 1";

const MEMORY = "512MB";

export interface RenderingPlaces {
  readonly config: Pick<Config, "workspace">;
  /** Folder of the jurisdiction. */
  readonly dataDir: string;
  /** The published run, which is only read. */
  readonly original: string;
  /** Where the rendering is made: an empty folder. */
  readonly target: string;
}

/**
 * Writes a published run once more without some records: the same tables, reports and workbook by the same writers, with a notice
 * and a manifest of its own that names the original's, for the office to sign. The same records give the same bytes.
 * @param lapsed the records that are left out, each named in the run
 */
export async function renderMonth(
  places: RenderingPlaces,
  lapsed: readonly Lapse[],
): Promise<void> {
  const { original, target } = places;
  const manifest = readManifest(original);
  const notice = sayNotice(manifest, lapsed);
  const said = { ...notice, original: readManifestHash(original) };
  const withheld: string[] = [];
  for (const audience of listHeldEditions(original)) {
    const edition = { places, manifest, audience };
    withheld.push(...(await renderEdition(edition, lapsed, said)));
  }
  writeWhole(join(target, NOTICE_FILE), `${notice.zh}\n${notice.en}\n`);
  const redaction = { ...said, run: manifest.run, withheld };
  await writeManifestOf(target, manifest, redaction);
}

interface RenderedEdition {
  readonly places: RenderingPlaces;
  readonly manifest: Manifest;
  readonly audience: Audience;
}

/** Writes an edition once more; gives the reports that could not be written. */
async function renderEdition(
  { places, manifest, audience }: RenderedEdition,
  lapsed: readonly Lapse[],
  notice: Redaction & { readonly original: string },
): Promise<string[]> {
  const { original: _, ...redaction } = notice;
  const original = editionFolder(places.original, audience);
  const target = editionFolder(places.target, audience);
  const store = await Store.open(":memory:", { memory: MEMORY, threads: 1 });
  try {
    await store.attach(join(original, DATABASE), "whole");
    const tables = await createRedacted(store, lapsed, notice);
    await writeTables(store, { original, target }, tables);
    const reports = Object.keys(REPORTS).filter((name) => existsSync(join(original, name)));
    const written = await withReportContext(
      { workspace: places.config.workspace, dataDir: places.dataDir },
      { manifest, store, folder: dirname(places.target) },
      async (context) => {
        const edition = { audience, withheld: withheldFrom(manifest.not_public ?? [], audience) };
        const report = await gatherReport(context, edition).catch(onlyNewer);
        if (report) await writeReports({ ...report, redaction }, target, reports);
        return report !== undefined;
      },
    );
    const records = join(original, RECORDS);
    if (existsSync(records)) copyFileSync(records, join(target, RECORDS));
    return written ? [] : reports.map((name) => relative(places.target, join(target, name)));
  } finally {
    store.close();
  }
}

/** A month of an older program may lack tables that its reports are written from today. */
function onlyNewer(error: unknown): undefined {
  if (!/(?:Catalog|Binder) Error/.test(String(error))) throw error;
}

/** Tables that name no record are the original's, byte for byte. */
async function writeTables(
  store: Store,
  { original, target }: Pick<RenderingPlaces, "original" | "target">,
  tables: readonly PublishedTable[],
): Promise<void> {
  mkdirSync(join(target, "data"), { recursive: true });
  const sameAs = (name: string, form: string) =>
    !namesRecords(name) && existsSync(join(original, "data", `${name}.${form}`));
  for (const { name } of tables) {
    for (const form of ["parquet", "arrow"]) {
      const path = join("data", `${name}.${form}`);
      if (sameAs(name, form)) copyFileSync(join(original, path), join(target, path));
    }
  }
  const otherwise = (form: string) => tables.filter(({ name }) => !sameAs(name, form));
  await writeParquet(store, target, otherwise("parquet"));
  await writeArrow(store, target, otherwise("arrow"));
  await writeDatabase(store, target, tables);
}

/** What is left out, in a sentence each. */
function sayNotice({ period }: Manifest, lapsed: readonly Lapse[]): Redaction {
  const records = lapsed.length;
  const since = lapsed.map((one) => one.since).reduce((a, b) => (a > b ? a : b), "");
  return {
    records,
    since,
    zh: `本件为 ${period.id} 期发布内容的删减版：截至 ${since}，有 ${records} 条记录已停止公示（期满、撤销、修复或移除），其身份信息不再显示；得分、等次和名次与发布时相同。`,
    en: `This is a redacted rendering of what was published for ${period.id}: as of ${since}, ${records} record(s) are published no more (over, revoked, repaired or removed) and are not identified here; scores, grades and ranks are as they were published.`,
  };
}

async function writeManifestOf(
  target: string,
  original: Manifest,
  redaction: RenderingNote,
): Promise<void> {
  const outputs: PublishedFile[] = [];
  for (const path of listFolder(target)) {
    const file = join(target, path);
    const name = basename(path);
    const isDatabase = name === DATABASE || name === RECORDS;
    const sum = isDatabase
      ? { path, content: await digestContent(file) }
      : { path, bytes: statSync(file).size, sha256: sumFile(file) };
    outputs.push(hasEditions(original) ? { ...sum, audience: audienceOfFile(path) } : sum);
  }
  const manifest = { ...original, zhengxin: RENDERING_FORMAT, redaction, outputs };
  writeWhole(join(target, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
}
