import {
  countsWorkingDays,
  type IndicatorFile,
  withoutComments,
} from "../standard/indicator-file.ts";
import { quoteIdentifier, sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";

const sql = sqlFile(import.meta.dirname, "working-days.sql");

/** First and last day of the working-day calendar held, null without one. */
export interface CalendarSpan {
  readonly first: string | null;
  readonly last: string | null;
}

/** The days that the calendar held speaks of. */
export async function readCalendarSpan(store: Store): Promise<CalendarSpan> {
  return (await store.row<CalendarSpan>(sql("calendar-span"))) ?? { first: null, last: null };
}

/** A limit in working days from a day further from the calendar's end than this ends before it. */
const MARGIN_DAYS = 400;

/**
 * The indicators whose working days may be unknown for some row, because a column they name holds days outside the
 * calendar, or near its end.
 */
export async function findUncountable(
  store: Store,
  indicators: readonly IndicatorFile[],
): Promise<Set<string>> {
  const counting = indicators.filter(countsWorkingDays);
  const found = new Set<string>();
  if (counting.length === 0) return found;
  const span = await readCalendarSpan(store);
  const columns = await store.rows<DayColumn>(sql("day-columns"), {
    tables: JSON.stringify([...new Set(counting.flatMap(tablesIn))]),
  });
  const answers = new Map<string, boolean>();
  for (const indicator of counting) {
    const words = new Set(withoutComments(indicator.sql).toLowerCase().match(/\w+/g));
    for (const table of tablesIn(indicator)) {
      const named = columns.filter(
        (one) => one.table_name === table && words.has(one.column_name.toLowerCase()),
      );
      const key = JSON.stringify(named);
      const outside = answers.get(key) ?? (await reachesOutside(store, named, span));
      answers.set(key, outside);
      if (outside) found.add(indicator.id);
    }
  }
  return found;
}

interface DayColumn {
  readonly table_name: string;
  readonly column_name: string;
}

async function reachesOutside(
  store: Store,
  columns: readonly DayColumn[],
  { first, last }: CalendarSpan,
): Promise<boolean> {
  const [table] = columns;
  if (!table) return false;
  if (first === null || last === null) return true;
  const all = (which: "min" | "max") =>
    columns
      .map(({ column_name }) => `CAST(${which}(${quoteIdentifier(column_name)}) AS DATE)`)
      .join(", ");
  const found = await store.row<{ outside: boolean }>(
    sql("reaches-outside", {
      table: quoteIdentifier(table.table_name),
      firsts: all("min"),
      lasts: all("max"),
    }),
    { first, last, margin: MARGIN_DAYS },
  );
  return found?.outside ?? false;
}

/** The known tables an indicator reads. */
function tablesIn({ sql: statement }: IndicatorFile): string[] {
  const read = [...withoutComments(statement).matchAll(/\bknown\s*\.\s*"?(\w+)"?/gi)];
  return [...new Set(read.map(([, table]) => (table as string).toLowerCase()))].filter(
    (table) => table !== "calendar_day" && table !== "entity_lineage",
  );
}

/**
 * The indicator with its rows excluded that hang on days outside the calendar. Its SQL is read twice, as if the unknown
 * numbers were as small and as large as can be: rows that come out the same both times do not hang on them.
 */
export function excludeUncounted(indicator: IndicatorFile): IndicatorFile {
  const counted = sql("counted-evidence", { uncounted: sql("uncounted-evidence") });
  return { ...indicator, sql: `${evidenceForms(indicator)} ${counted}` };
}

/** SELECT of an indicator's evidence rows that hang on days outside the calendar. */
export function uncountedEvidence(indicator: IndicatorFile): string {
  return `${evidenceForms(indicator)} ${sql("uncounted-evidence")}`;
}

function evidenceForms({ sql: statement }: IndicatorFile): string {
  return sql("evidence-forms", {
    soon: assume(statement, "-1000000", "true"),
    late: assume(statement, "1000000", "false"),
  });
}

/** The statement with its calls of the working-day macros told what to take for an unknown number, and day. */
function assume(statement: string, days: string, soon: string): string {
  let assumed = "";
  let done = 0;
  const calls = /\b(working_day_count|working_days_between|working_day_after)\s*\(/gi;
  for (const { 0: call, 1: name, index } of withoutComments(statement).matchAll(calls)) {
    const unknown = (name as string).toLowerCase() === "working_day_after" ? soon : days;
    assumed += `${statement.slice(done, index)}${name}_or(${unknown}, `;
    done = index + call.length;
  }
  return assumed + statement.slice(done);
}
