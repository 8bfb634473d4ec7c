import { sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";
import type { Span } from "./span.ts";

const sql = sqlFile(import.meta.dirname, "measure.sql");

/** Puts the periods to measure where indicators find them: the temp table `period`, and the slots of evidence each one counts. */
export async function setPeriods(store: Store, spans: readonly Span[]): Promise<void> {
  await store.run(sql("clear-periods"));
  await store.run(sql("fill-periods"), { periods: JSON.stringify(spans) });
  await store.run(sql("make-slots"), { single: spans.length === 1 });
}
