import { existsSync, mkdirSync } from "node:fs";
import { join, relative } from "node:path";
import type { Context, Signer, StageOutcome } from "../context.ts";
import type { Audience } from "../standard/audience.ts";
import { inLanes, widthForTables } from "../store/lanes.ts";
import type { Store } from "../store/store.ts";
import { writeWhole } from "../write-whole.ts";
import { movePointers, placeFolder, prepareFolder } from "./atomic.ts";
import { carryOver } from "./carry-over.ts";
import { appendLink } from "./chain.ts";
import { decideOutputs } from "./complement.ts";
import { writeListsCsv, writeRankingCsv } from "./csv.ts";
import { writeArrow, writeDatabase, writeParquet } from "./files.ts";
import { listAllPublished } from "./find-published.ts";
import { gatherReport } from "./gather.ts";
import { writeReportHtml } from "./html/page.ts";
import { writeReportJson } from "./json.ts";
import { keepDefinitions } from "./keep-definitions.ts";
import { writeLapsed } from "./lapsed.ts";
import { editionFolder } from "./layout.ts";
import { readManifest, SIGNATURE, signManifest, writeManifest } from "./manifest.ts";
import { listEditions, type Output, withheldFrom } from "./outputs.ts";
import { RECORDS, writeRecords } from "./records.ts";
import type { Report } from "./report.ts";
import { createTables, dropTables, reduceTables } from "./tables.ts";
import { writeWorkbook } from "./xlsx.ts";

/**
 * Writes the reports, the data files and the manifest of a period into published/<pipeline>/<period>/<run>/, which appears
 * whole by one rename and is never changed afterwards, and moves the `latest` pointers.
 * @throws Error in a sentence when the run has no scores, or the map cannot be read
 */
export async function publish(context: Context): Promise<StageOutcome> {
  const { dataDir, period, runId, progress } = context;
  const steps = 3;
  progress.step("publish", 0, steps);
  const outputs = await decideOutputs(context);
  await createTables(context, outputs);
  try {
    const { rows } = (await context.store.row<{ rows: number }>(COUNT_RANKS)) ?? { rows: 0 };
    if (rows === 0) {
      throw new Error(
        `There are no scores for ${period.id}, run ${runId}: nothing can be published. Run "zhengxin score ${context.pipeline.pipeline} --period ${period.id}" first.`,
      );
    }
    const carried = carryOver(dataDir);
    if (carried > 0 && context.signer) enterCarried(dataDir, context.signer);
    const { pipeline } = context.pipeline;
    const folder = prepareFolder(dataDir, { pipeline, period: period.id, run: runId });
    progress.step("publish", 1, steps);
    const { report, records } = await writeEditions(context, folder, outputs);
    progress.step("publish", 2, steps);
    await writeLapsed(context.store, folder);
    await writeManifest(context, folder, outputs, records);
    if (context.signer) signManifest(folder, context.signer);
    if (!context.rebuilds) keepDefinitions(context, readManifest(folder));
    const placed = await placeFolder(folder);
    if (context.signer) appendLink(dataDir, placed.folder, context.signer);
    movePointers(dataDir, placed.folder);
    progress.step("publish", steps, steps);
    return {
      stage: "publish",
      counts: {
        files: readManifest(placed.folder).outputs.length + 1,
        bodies: report.standings.length,
        ranked: report.standings.filter(({ ranked }) => ranked).length,
        unchanged: placed.change === "unchanged" ? 1 : 0,
      },
      notes: [
        ...(carried > 0 ? [carriedNote(carried)] : []),
        ...(placed.aside ? [asideNote(placed.aside)] : []),
      ],
    };
  } finally {
    await dropTables(context);
  }
}

/** Enters what lay in the folders of an older version into the chains of its pipelines, as far as it is signed. */
function enterCarried(dataDir: string, signer: Signer): void {
  for (const { folder } of listAllPublished(dataDir)) {
    if (existsSync(join(folder, SIGNATURE))) appendLink(dataDir, folder, signer);
  }
}

const COUNT_RANKS = "SELECT CAST(count(*) AS INTEGER) AS rows FROM draft.published_rank";

/**
 * Writes the publication once for every audience that anything of it is for: everybody's into the folder itself, the others
 * into folders of their own below it, so that no file holds what is not for whoever may have it.
 * @returns the public report, and the digests of the single records by path
 */
async function writeEditions(
  context: Context,
  folder: string,
  outputs: readonly Output[],
): Promise<{ readonly report: Report; readonly records: ReadonlyMap<string, string> }> {
  const records = new Map<string, string>();
  let report: Report | undefined;
  for (const audience of listEditions(outputs)) {
    const withheld = withheldFrom(outputs, audience);
    await reduceTables(context, withheld);
    report = await gatherReport(context, { audience, withheld });
    const own = editionFolder(folder, audience);
    mkdirSync(own, { recursive: true });
    const [digest] = await doBoth(
      writeDataFiles(context.store, own, audience),
      writeReports(report, own),
    );
    if (digest !== "") records.set(relative(folder, join(own, RECORDS)), digest);
  }
  return { report: report as Report, records };
}

/**
 * What DuckDB writes on threads of its own, side by side; gives the digest of records.duckdb, which the public edition and the
 * internal one have.
 */
async function writeDataFiles(store: Store, folder: string, audience: Audience): Promise<string> {
  let records = "";
  const writings: readonly ((store: Store) => Promise<void>)[] = [
    (lane) => writeDatabase(lane, folder),
    async (lane) => {
      const whole = audience === "internal";
      if (whole || audience === "public") records = await writeRecords(lane, folder, whole);
    },
    (lane) => writeParquet(lane, folder),
    (lane) => writeArrow(lane, folder),
  ];
  await inLanes(
    store,
    writings,
    () => undefined,
    (lane, write) => write(lane.store),
    await widthForTables(store),
  );
  return records;
}

/** The reports by file. */
export const REPORTS = {
  "ranking.xlsx": writeWorkbook,
  "report.html": writeReportHtml,
  "report.json": writeReportJson,
  "ranking.csv": writeRankingCsv,
  "lists.csv": writeListsCsv,
} as const;

/** Writes the reports of a folder: all, or those named. */
export async function writeReports(
  report: Report,
  folder: string,
  names: readonly string[] = Object.keys(REPORTS),
): Promise<void> {
  for (const [name, write] of Object.entries(REPORTS)) {
    if (!names.includes(name)) continue;
    writeWhole(join(folder, name), await write(report));
  }
}

/** Waits for both, also when one fails: DuckDB writes on its own threads while the reports are made here. */
async function doBoth<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([one, other]);
  return [await one, await other];
}

function carriedNote(runs: number) {
  return {
    zh: `旧版本发布的 ${runs} 次运行已移入各自流程的文件夹 published/<流程>/<期间>/<运行编号>/，内容未改动。`,
    en: `${runs} run(s) published by an older version were moved into the folders of their pipelines, published/<pipeline>/<period>/<run>/; their content is as it was.`,
  };
}

function asideNote(aside: string) {
  return {
    zh: `此前已发布过同一次运行的不同内容（程序已更改，或文件损坏）；原内容保留在 ${aside}。`,
    en: `Other content of the same run had been published before (by other code, or it was damaged); it is kept in ${aside}.`,
  };
}
