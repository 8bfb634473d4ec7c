import { readCalendar } from "./calendar-file.ts";
import type { PipelineDefinition } from "./pipeline-definition.ts";
import { type RecordRules, readRecordRules } from "./record-rules.ts";

/**
 * The rules of records that a pipeline names, with the working days of its calendar by which their limits are counted.
 * @throws Error in a sentence when the calendar is absent or cannot be read; DefinitionError with every fault of a rule file
 */
export function readPipelineRules(workspace: string, pipeline: PipelineDefinition): RecordRules {
  const rules = readRecordRules(workspace, pipeline.rules);
  if (rules.listings.length === 0) return rules;
  const days = readCalendar(workspace, pipeline) ?? [];
  const workingDays = days.flatMap(({ day, is_working }) => (is_working === "true" ? [day] : []));
  return { ...rules, workingDays, calendarStart: days[0]?.day };
}

/**
 * The last of so many working days after a day.
 * @returns undefined where the calendar does not reach from the one to the other: working days are counted, never guessed
 */
export function lastWorkingDay(
  { workingDays = [], calendarStart }: Pick<RecordRules, "workingDays" | "calendarStart">,
  after: string,
  count: number,
): string | undefined {
  if (calendarStart === undefined || after < calendarStart) return undefined;
  const first = workingDays.findIndex((day) => day > after);
  return first < 0 ? undefined : workingDays[first + count - 1];
}
