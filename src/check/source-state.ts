import type { Context } from "../context.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { checkAlike, checkBodiesTwice, checkContradictions } from "./contradictions.ts";
import { countDays } from "./days.ts";
import { checkExpectations, sentences, tellEach } from "./expectations.ts";
import { checkFilesGone } from "./files-gone.ts";
import { listAlerts, type OperationsAlert } from "./operations-alerts.ts";
import type { Result } from "./results.ts";
import { checkRows } from "./rows-used.ts";
import type { FailedFetch, SourceCounts, SourceFile } from "./source-counts.ts";
import { checkEmptyDelivery, checkSilence, checkVolume } from "./volume.ts";

export type SourceStateName = "fresh" | "stale" | "failed" | "absent";

/** What a source contributed to a run, as checks.source_state holds it. */
export interface SourceState {
  readonly source_id: string;
  readonly state: SourceStateName;
  readonly message_zh: string | null;
  readonly message_en: string | null;
  readonly files: number;
  readonly rows_received: number;
  readonly rows_loaded: number;
  readonly rows_quarantined: number;
  readonly rows_duplicate: number;
  readonly rows_corrected: number;
  readonly rows_flagged: number;
  readonly newest_known: string | null;
  readonly newest_valid: string | null;
  readonly rows_refused: number;
}

/**
 * What a source contributed, with its counts, and what came of the checks of its own expectations.
 * Rows are those known at the as-of time; where a row does not tell when, as one set aside, its file does.
 * received = loaded + quarantined + duplicate + not for this kind + rows in refused files.
 */
export async function judgeSource(
  context: Context,
  source: SourceDefinition,
  counts: SourceCounts,
): Promise<{
  state: SourceState;
  results: readonly Result[];
  alerts: readonly OperationsAlert[];
}> {
  const { files, newestKnown, duplicate, quarantined, failedFetch } = counts;
  const happened = source.expectations.freshness_by === "valid_from";
  const newest = happened ? counts.newestHappened : newestKnown;
  const behind = newest === null ? undefined : countDays(newest, context.period.end);
  const found = [
    checkSilence(context, source, newestKnown),
    await checkVolume(context, source),
    checkEmptyDelivery(files),
    checkContradictions(counts.conflicts),
    checkAlike(counts.alike),
    await checkBodiesTwice(context, source),
    ...checkFilesGone(context, source, counts),
  ].filter((finding) => finding !== undefined);
  const expected = await checkExpectations(context, source, files, behind, found);
  const loaded = counts.versions - counts.illegal;
  const refused = files.filter((file) => file.refused_because !== null);
  const inRefused = sum(refused.map((file) => file.rows + file.unreadable));
  const used = files.filter((file) => file.refused_because === null);
  const skipped = sum(used.map((file) => file.skipped ?? 0));
  const judged = addFailedFetch(judgeState(source, files, loaded, expected), failedFetch);
  const results = [...expected, checkPresence(source, judged), ...checkRows(source, counts)];
  return {
    state: {
      source_id: source.source,
      state: judged.state,
      message_zh: judged.zh,
      message_en: judged.en,
      files: files.length,
      rows_received: loaded + quarantined + duplicate + skipped + inRefused,
      rows_loaded: loaded,
      rows_quarantined: quarantined,
      rows_duplicate: duplicate,
      rows_corrected: counts.versions - counts.records,
      rows_flagged: counts.flagged,
      newest_known: newestKnown,
      newest_valid: counts.newestValid,
      rows_refused: inRefused,
    },
    results,
    alerts: listAlerts(source, { ...judged, newest, results, found, failedFetch }),
  };
}

/** Whether the source gave anything that could be used, and could be reached for this run. */
function checkPresence({ source }: SourceDefinition, { state, unfetched, zh, en }: Judged): Result {
  const passed = state !== "absent" && state !== "failed" && !unfetched;
  return {
    checkId: "source-present",
    sourceId: source,
    severity: "warn",
    passed,
    failingRows: 0,
    observed: unfetched && state === "stale" ? "unfetched" : state,
    expected: "fresh",
    zh: passed ? "来源可用" : (zh ?? ""),
    en: passed ? "The source could be used" : (en ?? ""),
  };
}

interface Judged {
  readonly state: SourceStateName;
  readonly zh: string | null;
  readonly en: string | null;
  /** It could not be fetched for this run. */
  readonly unfetched: boolean;
}

/** A source that could not be fetched is at best as fresh as what was received before. */
function addFailedFetch(
  judged: Omit<Judged, "unfetched">,
  failed: FailedFetch | undefined,
): Judged {
  if (!failed) return { ...judged, unfetched: false };
  // Nothing was ever received: there is nothing to go on with.
  if (judged.state === "absent") {
    return { ...judged, unfetched: true, zh: failed.zh, en: failed.en };
  }
  return {
    unfetched: true,
    state: judged.state === "fresh" ? "stale" : judged.state,
    zh: `本次未能取到，沿用此前收到的数据。${failed.zh}${judged.zh ?? ""}`,
    en: `It could not be fetched, and what was received before is used. ${failed.en} ${judged.en ?? ""}`.trim(),
  };
}

/** Checks by which what is held is no longer what it should be. */
const OUT_OF_DATE: ReadonlySet<string> = new Set(["freshness", "delivery-empty"]);

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
      zh: tellEach(refused).zh || "收到的文件中没有一行可用。",
      en: tellEach(refused).en || "Not one row of the files received could be used.",
    };
  }
  const late = results.filter(({ checkId, passed }) => OUT_OF_DATE.has(checkId) && !passed);
  if (refused.length > 0 || late.length > 0) {
    return { state: "stale", ...tellEach([...refused, ...late]) };
  }
  return { state: "fresh", zh: null, en: null };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
