import type { Context, StageOutcome } from "../context.ts";
import { readChecks } from "../standard/check-file.ts";
import type { DeliveryGate } from "../standard/delivery.ts";
import { gatherLike } from "../standard/gather-like.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { inLanes } from "../store/lanes.ts";
import { loadCalendar } from "./calendar.ts";
import { readCatalogue } from "./catalogue.ts";
import type { SourceOutcome, Workshop } from "./conform-files.ts";
import { conformInTime, conformSource, openAnew } from "./conform-source.ts";
import { faultOfContent } from "./fault-of-content.ts";
import { tryAgain } from "./files-at-fault.ts";
import { saysBodies } from "./lookup.ts";
import { forgetExpiredPersons } from "./persons.ts";
import { readFiles } from "./raw-files.ts";

/** Above this many rows a delivery takes the way of bulk loads; both ways end in the same tables. */
const BULK_ROWS = 500_000;

/**
 * Turns received rows into core records: each source of the pipeline in its order, in a transaction of its own,
 * so that a crash leaves all or nothing of a source. Files done before are not done again.
 * @param gate judges each delivery before it is committed
 * @throws Error in a sentence when a definition does not fit, or the calendar has gaps
 */
export async function conform(
  context: Context,
  gate: DeliveryGate,
  { bulkRows = BULK_ROWS }: { bulkRows?: number } = {},
): Promise<StageOutcome> {
  const shared = { gate, bulkRows, ...(await prepareAnyway(context)) };
  const outcomes = await conformAll(context, shared);
  const counts = {
    files: 0,
    rows: 0,
    quarantined: 0,
    conflicts: 0,
    skipped: 0,
    refused: 0,
    forgotten: 0,
  };
  const notes: { zh: string; en: string }[] = [];
  for (const source of context.sources) {
    const { files, refusals, conflicts, asBefore, severalBuyers } = outcomes.get(
      source,
    ) as SourceOutcome;
    if (asBefore > 0) {
      notes.push({
        zh: `${source.title.zh}：${asBefore} 个文件不合现在的定义，按其当时的定义读取。`,
        en: `${source.title.en}: ${asBefore} ${asBefore === 1 ? "file does" : "files do"} not fit today's definition and ${asBefore === 1 ? "is" : "are"} read as described before.`,
      });
    }
    if (severalBuyers > 0) {
      notes.push({
        zh: `${source.title.zh}：${severalBuyers} 个采购过程没有写 buyer，而有几方角色为 buyer，以第一方为采购人；请发布方写明 buyer。`,
        en: `${source.title.en}: ${severalBuyers} contracting ${severalBuyers === 1 ? "process names" : "processes name"} no buyer and ${severalBuyers === 1 ? "has" : "have"} several parties in that role, of which the first was taken; ask the publisher to name the buyer.`,
      });
    }
    const early = files.reduce((sum, file) => sum + file.early, 0);
    if (early > 0) {
      notes.push({
        zh: `${source.title.zh}：${early} 行所属的采购过程在所报送的最早发布之前已经开始，缺少更早的发布，暂不采用，不计入坏行；补送后自动采用。`,
        en: `${source.title.en}: ${early} ${early === 1 ? "row waits" : "rows wait"} for earlier releases, since the contracting process began before the first one delivered; they do not count as bad rows, and are used once the earlier releases are delivered.`,
      });
    }
    counts.files += files.length;
    counts.conflicts += conflicts;
    counts.refused += refusals.length;
    for (const file of files) {
      counts.rows += file.accepted;
      counts.quarantined += file.quarantined;
      counts.skipped += file.skipped;
    }
    for (const { zh, en } of gatherLike(refusals)) {
      notes.push({ zh: `${source.title.zh}：${zh}`, en: `${source.title.en}: ${en}` });
    }
  }
  counts.forgotten = await forgetExpiredPersons(context);
  context.progress.step("conform", context.sources.length, context.sources.length);
  return { stage: "conform", counts, notes };
}

/** What all sources are conformed with, beside what judges them. */
type Prepared = Omit<Workshop, "lookupCache" | "gate" | "bulkRows">;

/** As prepare; where what ran before has left too little memory for it, in a database opened anew. */
async function prepareAnyway(context: Context): Promise<Prepared> {
  try {
    return await prepare(context);
  } catch (error) {
    if (faultOfContent(error)?.kind !== "memory") throw error;
    await openAnew(context);
    return prepare(context);
  }
}

async function prepare(context: Context): Promise<Prepared> {
  await loadCalendar(context);
  const version = await context.store.row<{ duckdb: string }>("SELECT version() AS duckdb");
  // What is rebuilt is what was published then, without the files that could not be used then.
  if (!context.rebuilds) await tryAgain(context, version?.duckdb ?? "");
  return {
    catalogues: await readCatalogue(context.store),
    held: await readFiles(context),
    stops: readChecks(context.workspace).filter(({ severity }) => severity === "stop"),
    duckdb: version?.duckdb ?? "",
    fingerprints: new Map(),
  };
}

/**
 * Sources that say who the bodies are come first, in their order, for the others name bodies by them. The others need
 * nothing of each other and go side by side, those with many rows first; but for one that is loaded in bulk, which needs
 * the memory for itself. One that fails beside others is done again alone: it may have been for want of the memory they took.
 */
async function conformAll(
  context: Context,
  shared: Omit<Workshop, "lookupCache">,
): Promise<Map<SourceDefinition, SourceOutcome>> {
  const outcomes = new Map<SourceDefinition, SourceOutcome>();
  const begin = ({ source }: SourceDefinition) =>
    context.progress.step("conform", outcomes.size, context.sources.length, source);
  const conformAlone = async (source: SourceDefinition) => {
    begin(source);
    outcomes.set(source, await conformSource(context, source, alone));
  };
  const failed = new Set<SourceDefinition>();
  const conformBeside = async (
    store: Context["store"],
    workshop: Workshop,
    source: SourceDefinition,
  ) => {
    begin(source);
    const held = shared.held.get(source.source) ?? [];
    try {
      outcomes.set(source, await conformInTime({ ...context, store }, source, workshop, held));
    } catch (error) {
      if (!faultOfContent(error)) throw error;
      failed.add(source);
    }
  };
  const rowsOf = ({ source }: SourceDefinition) =>
    (shared.held.get(source) ?? []).reduce((rows, file) => rows + file.row_count, 0);
  const isLarge = (source: SourceDefinition) => rowsOf(source) > shared.bulkRows;
  const alone = { ...shared, lookupCache: new Map() };
  for (const source of context.sources.filter(saysBodies)) await conformAlone(source);
  const records = context.sources
    .filter((source) => !saysBodies(source))
    .toSorted((a, b) => rowsOf(b) - rowsOf(a));
  for (const source of records.filter(isLarge)) await conformAlone(source);
  await inLanes(
    context.store,
    records.filter((source) => !isLarge(source)),
    () => ({ ...shared, lookupCache: new Map() }),
    (lane, source) => conformBeside(lane.store, lane.own, source),
    { narrow: true },
  );
  if (failed.size > 0) await openAnew(context, alone.lookupCache);
  for (const source of records.filter((one) => failed.has(one))) await conformAlone(source);
  return outcomes;
}
