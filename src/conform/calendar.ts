import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { addDays, format, isValid, parseISO } from "date-fns";
import type { Context } from "../context.ts";
import { sqlFile } from "../store/sql-file.ts";

const sql = sqlFile(import.meta.dirname, "calendar.sql");

interface CalendarDay {
  readonly day: string;
  readonly is_working: string;
  readonly note: string;
}

/**
 * Loads the pipeline's working-day calendar when it differs from what is held.
 * The file has the columns day (ISO), is_working (true or false) and note, and a row for every day, in order.
 * @throws Error in a sentence with file and line when it is absent, a line cannot be read, or a day is missing or twice
 */
export async function loadCalendar({ store, workspace, pipeline }: Context): Promise<void> {
  if (!pipeline.calendar) return;
  const file = join(workspace, pipeline.calendar);
  if (!existsSync(file)) {
    throw new Error(
      `The pipeline "${pipeline.pipeline}" names the calendar ${pipeline.calendar}, which does not exist.`,
    );
  }
  const days = readDays(readFileSync(file, "utf8"), pipeline.calendar);
  await store.run(sql("read-calendar"), { days: JSON.stringify(days) });
  const difference = await store.row<{ days: number }>(sql("calendar-differs"));
  if (!difference?.days) return;
  await store.transaction(async () => {
    await store.run(sql("drop-days"));
    await store.run(sql("put-days"));
  });
}

/** Reads and checks the text of a calendar; `name` is for sentences. */
function readDays(text: string, name: string): CalendarDay[] {
  let records: { record: CalendarDay; info: { lines: number } }[];
  try {
    records = parse(text, { bom: true, columns: true, info: true, trim: true }) as never;
  } catch (error) {
    throw new Error(`${name} cannot be read: ${(error as Error).message}.`);
  }
  let expected: string | undefined;
  for (const { record, info } of records) {
    const { day, is_working } = record;
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day ?? "") || !isValid(parseISO(day))) {
      throw new Error(`${name}:${info.lines}: "${day}" is no day; write 2018-01-01.`);
    }
    if (is_working !== "true" && is_working !== "false") {
      throw new Error(
        `${name}:${info.lines}: is_working of ${day} is "${is_working}"; write true or false.`,
      );
    }
    if (expected !== undefined && day !== expected) {
      throw new Error(
        `${name}:${info.lines}: ${day} stands where ${expected} should; give every day one row, in order, for working days are counted and never guessed.`,
      );
    }
    expected = format(addDays(parseISO(day), 1), "yyyy-MM-dd");
  }
  if (expected === undefined) throw new Error(`${name} has no days; give a row for every day.`);
  return records.map(({ record }) => record);
}
