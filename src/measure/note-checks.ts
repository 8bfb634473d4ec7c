import type { Context } from "../context.ts";
import { sqlFile } from "../store/sql-file.ts";

const sql = sqlFile(import.meta.dirname, "note-checks.sql");

/** Something that measuring found and that stands among the checks that failed. */
export interface FailedCheck {
  /** Null where it is of no single source. */
  readonly source_id: string | null;
  readonly failing_rows: number;
  readonly observed: string;
  readonly expected: string;
  readonly message_zh: string;
  readonly message_en: string;
}

/** Writes down what one check of the stage found in this run, in place of what it found before. */
export async function noteChecks(
  { store, runId }: Pick<Context, "store" | "runId">,
  check: string,
  failed: readonly FailedCheck[],
): Promise<void> {
  await store.run(sql("forget-results"), { run: runId, check });
  if (failed.length === 0) return;
  await store.run(sql("note-results"), { run: runId, check, rows: JSON.stringify(failed) });
}
