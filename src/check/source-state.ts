import type { Context } from "../context.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { sqlFile } from "../store/sql-file.ts";
import { checkExpectations, sentences } from "./expectations.ts";
import { raiseAlerts } from "./operations-alerts.ts";
import type { Result } from "./results.ts";
import { checkSilence, checkVolume } from "./volume.ts";

const sql = sqlFile(import.meta.dirname, "check.sql");

/** A file of a source, as received and judged. */
export interface SourceFile {
  readonly file_id: number;
  readonly file_name: string;
  readonly conformed: boolean;
  readonly refused_because: string | null;
  readonly rows: number;
  readonly accepted: number | null;
  readonly skipped: number | null;
  readonly unreadable: number;
}

export type SourceStateName = "fresh" | "stale" | "failed" | "absent";

/**
 * Writes down what a source contributed, with its counts, and checks its own expectations.
 * Rows are those known at the as-of time; where a row does not tell when, as one set aside, its file does.
 * received = loaded + quarantined + duplicate + not for this kind + rows in refused files.
 */
export async function noteSource(
  context: Context,
  source: SourceDefinition,
): Promise<{ state: SourceStateName; results: readonly Result[] }> {
  const { store, runId, asOf, period } = context;
  const own = { source: source.source };
  const known = { ...own, as_of: asOf };
  const files = await store.rows<SourceFile>(sql("source-files"), own);
  const versions = await store.row<{ versions: number; records: number }>(
    sql("count-versions", { kind: source.kind }),
    known,
  );
  const flagged = await store.row<{ flagged: number }>(
    sql("count-flagged", { kind: source.kind }),
    known,
  );
  const sighted = await store.row<{ duplicate: number }>(sql("count-sightings"), known);
  const aside = await store.row<{ rows: number }>(sql("count-set-aside"), own);
  const newest = await store.row<{ known: string | null; valid: string | null }>(
    sql("newest", { kind: source.kind }),
    known,
  );
  const said = await store.row<{ known: string | null }>(sql("newest-sighting"), known);
  const newestKnown = [newest?.known, said?.known].filter(Boolean).sort().at(-1) ?? null;
  const behind = newestKnown
    ? await store.row<{ days: number }>(sql("days-behind"), { known: newestKnown, end: period.end })
    : undefined;
  const countDays = async (from: string, to: string) =>
    (await store.row<{ days: number }>(sql("days-behind"), { known: from, end: to }))?.days ?? 0;
  const found = [
    await checkSilence(context, source, newestKnown, countDays),
    await checkVolume(context, source),
  ].filter((finding) => finding !== undefined);
  const results = await checkExpectations(context, source, files, behind?.days, found);
  const illegal = await store.row<{ rows: number }>(sql("count-illegal"), own);
  const loaded = (versions?.versions ?? 0) - (illegal?.rows ?? 0);
  const duplicate = sighted?.duplicate ?? 0;
  const quarantined = aside?.rows ?? 0;
  const refused = files.filter((file) => file.refused_because !== null);
  const inRefused = sum(refused.map((file) => file.rows + file.unreadable));
  const used = files.filter((file) => file.refused_because === null);
  const skipped = sum(used.map((file) => file.skipped ?? 0));
  const notFetched = await store.row<Message>(sql("failed-pull"), { ...own, run_id: runId });
  const { state, zh, en } = addFailedPull(judgeState(source, files, loaded, results), notFetched);
  await store.run(sql("note-source-state"), {
    run_id: runId,
    source_id: source.source,
    state,
    message_zh: zh,
    message_en: en,
    files: files.length,
    rows_received: loaded + quarantined + duplicate + skipped + inRefused,
    rows_loaded: loaded,
    rows_quarantined: quarantined,
    rows_duplicate: duplicate,
    rows_corrected: (versions?.versions ?? 0) - (versions?.records ?? 0),
    rows_flagged: flagged?.flagged ?? 0,
    newest_known: newestKnown,
    newest_valid: newest?.valid ?? null,
    rows_refused: inRefused,
  });
  await raiseAlerts(context, source, { state, zh, en, newestKnown, results, found });
  return { state, results };
}

interface Message {
  readonly zh: string;
  readonly en: string;
}

/** A source that could not be fetched is at best as fresh as what was received before. */
function addFailedPull<T extends { state: SourceStateName; zh: string | null; en: string | null }>(
  judged: T,
  failed: Message | undefined,
) {
  if (!failed) return judged;
  return {
    state: judged.state === "fresh" ? ("stale" as const) : judged.state,
    zh: `本次未能取到，沿用此前收到的数据。${failed.zh}${judged.zh ?? ""}`,
    en: `It could not be fetched, and what was received before is used. ${failed.en} ${judged.en ?? ""}`.trim(),
  };
}

function judgeState(
  { connector }: SourceDefinition,
  files: readonly SourceFile[],
  loaded: number,
  results: readonly Result[],
): { state: SourceStateName; zh: string | null; en: string | null } {
  // Nothing was handed in yet: that is no gap in the data.
  if (files.length === 0 && connector.type === "inbox") {
    return { state: "fresh", zh: null, en: null };
  }
  if (files.length === 0) {
    return {
      state: "absent",
      zh: "截至所问时点没有任何已知的数据；请按数据源定义的位置放入文件。",
      en: "Nothing was known at the time asked about; put files where the source's definition says.",
    };
  }
  const refused = files.filter((file) => file.refused_because !== null).map(sentences);
  if (loaded === 0) {
    return {
      state: "failed",
      zh: refused.map(({ zh }) => zh).join(" ") || "收到的文件中没有一行可用。",
      en:
        refused.map(({ en }) => en).join(" ") || "Not one row of the files received could be used.",
    };
  }
  const late = results.filter(({ checkId, passed }) => checkId === "freshness" && !passed);
  if (refused.length > 0 || late.length > 0) {
    return {
      state: "stale",
      zh: [...refused, ...late].map(({ zh }) => zh).join(" "),
      en: [...refused, ...late].map(({ en }) => en).join(" "),
    };
  }
  return { state: "fresh", zh: null, en: null };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
