import { createHash } from "node:crypto";
import { type IndicatorFile, tablesOf } from "../standard/indicator-file.ts";
import { quoteIdentifier, sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";
import type { Rescued } from "./delivered-rows.ts";
import type { IndicatorGaps } from "./deliveries.ts";
import type { Span } from "./span.ts";

const sql = sqlFile(import.meta.dirname, "fingerprint.sql");

/** Raised by one whenever the engine would give other facts for the same evidence. */
const ENGINE_VERSION = 3;

/** What is known of the tables that indicators read, taken once per run. */
export interface TableContents {
  /** A text that is equal exactly when the contents are. */
  readonly fingerprint: string;
  /** First days of the months in which facts of the table begin, in order. */
  readonly months: readonly string[];
}

/**
 * Reads what the known tables hold at the as-of time of the session.
 * @param tables names without schema, as "complaint"
 * @returns contents by table name
 */
export async function readContents(
  store: Store,
  tables: Iterable<string>,
): Promise<Map<string, TableContents>> {
  const contents = new Map<string, TableContents>();
  for (const table of [...new Set(tables)].sort()) {
    const rows = await store.rows<{ month: string }>(
      sql("table-months", {
        table: `known.${quoteIdentifier(table)}`,
        content: table === "dishonesty_record" ? sql("record-content") : sql("row-content"),
      }),
    );
    contents.set(table, {
      fingerprint: digest(rows),
      months: rows.map(({ month }) => month),
    });
  }
  return contents;
}

/** Fingerprint of the working-day calendar. */
export async function readCalendarFingerprint(store: Store): Promise<string> {
  return digest(await store.rows(sql("calendar")));
}

/**
 * The name under which a computation is found again: equal exactly when the indicator's file, the engine,
 * the period with its window, the tables it reads and what of them is not delivered, the bodies and the calendar are.
 */
export function fingerprintComputation(
  indicator: IndicatorFile,
  span: Span,
  contents: ReadonlyMap<string, TableContents>,
  calendar: string,
  lacking: { readonly gaps: IndicatorGaps | undefined; readonly rescued: Rescued | undefined },
): string {
  const tables = ["entity", ...tablesOf(indicator)].sort();
  const name = digest([
    ENGINE_VERSION,
    indicator.id,
    indicator.hash,
    span,
    calendar,
    tables.map((table) => [table, contents.get(table)?.fingerprint]),
    lacking.gaps ? [lacking.gaps.gaps, lacking.gaps.nowhere, lacking.rescued ?? null] : null,
  ]);
  // It stands in every row of facts: 96 bits tell computations apart, and half a million rows stay small.
  return name.slice(0, 24);
}

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
