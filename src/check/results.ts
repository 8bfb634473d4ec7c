import type { Context } from "../context.ts";
import { sqlFile } from "../store/sql-file.ts";

const sql = sqlFile(import.meta.dirname, "check.sql");

/** The outcome of one check, passed or not. */
export interface Result {
  readonly checkId: string;
  /** Empty for a check that speaks for no single source. */
  readonly sourceId: string | null;
  readonly severity: "stop" | "warn";
  readonly passed: boolean;
  readonly failingRows: number;
  readonly observed: string | null;
  readonly expected: string | null;
  readonly zh: string;
  readonly en: string;
}

/** What a check of a source found; `since` is the first day of what is amiss. */
export type Finding = Omit<Result, "sourceId"> & { readonly since: string | null };

/** Writes the outcomes of a run's checks down. */
export async function noteResults(
  { store, runId }: Context,
  results: readonly Result[],
): Promise<void> {
  const rows = results.map((result) => ({
    check_id: result.checkId,
    source_id: result.sourceId,
    severity: result.severity,
    passed: result.passed,
    failing_rows: result.failingRows,
    observed: result.observed,
    expected: result.expected,
    message_zh: result.zh,
    message_en: result.en,
  }));
  await store.run(sql("note-results"), { run_id: runId, rows: JSON.stringify(rows) });
}
