import type { Context, StageOutcome } from "../context.ts";
import { readChecks } from "../standard/check-file.ts";
import type { DeliveryGate } from "../standard/delivery.ts";
import { loadCalendar } from "./calendar.ts";
import { readCatalogue } from "./catalogue.ts";
import { conformSource, type Workshop } from "./conform-source.ts";
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
  await loadCalendar(context);
  const version = await context.store.row<{ duckdb: string }>("SELECT version() AS duckdb");
  const workshop: Workshop = {
    gate,
    bulkRows,
    catalogues: await readCatalogue(context.store),
    held: await readFiles(context),
    stops: readChecks(context.workspace).filter(({ severity }) => severity === "stop"),
    duckdb: version?.duckdb ?? "",
    lookupCache: new Map(),
  };
  const counts = { files: 0, rows: 0, quarantined: 0, skipped: 0, refused: 0, forgotten: 0 };
  const notes: { zh: string; en: string }[] = [];
  for (const [index, source] of context.sources.entries()) {
    context.progress.step("conform", index, context.sources.length, source.source);
    const { files, refusals } = await conformSource(context, source, workshop);
    counts.files += files.length;
    counts.refused += refusals.length;
    for (const file of files) {
      counts.rows += file.accepted;
      counts.quarantined += file.quarantined;
      counts.skipped += file.skipped;
    }
    for (const { zh, en } of refusals) {
      notes.push({ zh: `${source.title.zh}：${zh}`, en: `${source.title.en}: ${en}` });
    }
  }
  counts.forgotten = await forgetExpiredPersons(context);
  context.progress.step("conform", context.sources.length, context.sources.length);
  return { stage: "conform", counts, notes };
}
