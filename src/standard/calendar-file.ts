import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { addDays, format, isValid, parseISO } from "date-fns";
import { isThere, readText } from "../whole-file.ts";
import { type CalendarDay, readCalendarRule } from "./calendar-rule.ts";
import type { PipelineDefinition } from "./pipeline-definition.ts";

/**
 * Reads the working-day calendar a pipeline names; none when it names none.
 * A .csv has the columns day (ISO), is_working (true or false) and note, and a row for every day, in order;
 * a .yaml the weekdays that are worked, and the days that differ (calendar-rule.ts).
 * @returns every day from the calendar's first to its last, in order; days outside are not known
 * @throws Error in a sentence with file and line when it is absent, a line cannot be read, or a day is missing or twice
 */
export function readCalendar(
  workspace: string,
  { pipeline, calendar }: PipelineDefinition,
): CalendarDay[] | undefined {
  if (!calendar) return undefined;
  const file = join(workspace, calendar);
  if (!isThere(file)) {
    throw new Error(
      `流水线“${pipeline}”所写的工作日历 ${calendar} 不存在。The pipeline "${pipeline}" names the calendar ${calendar}, which does not exist.`,
    );
  }
  if (/\.ya?ml$/.test(calendar)) return readCalendarRule(file);
  return readDays(readText(file), calendar);
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
