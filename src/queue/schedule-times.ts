import { TZDate } from "@date-fns/tz";
import type { RepeatOptions } from "bullmq";
import { CronExpressionParser } from "cron-parser";
import { addDays, addMonths, format } from "date-fns";
import { readCalendar } from "../standard/calendar-file.ts";
import type { PipelineDefinition } from "../standard/pipeline-definition.ts";
import { findPipeline } from "../standard/workspace.ts";

/** A pipeline with the working days of its calendar, by month ("2018-06"), in order. */
export interface Timetable {
  readonly pipeline: PipelineDefinition;
  readonly workingDays: ReadonlyMap<string, readonly string[]>;
  /** Last day of the calendar, "" without one. */
  readonly calendarEnd: string;
}

/**
 * Reads what is needed to tell when a pipeline runs.
 * @throws DefinitionError, or Error in a sentence when the calendar cannot be read, or working days are asked of none
 */
export function readTimetable(workspace: string, name: string): Timetable {
  const pipeline = findPipeline(workspace, name);
  const days = readCalendar(workspace, pipeline) ?? [];
  if (pipeline.schedule && "working_day" in pipeline.schedule && days.length === 0) {
    throw new Error(
      `The schedule of the pipeline "${name}" counts working days, but the pipeline names no calendar. Give it one, or a cron schedule.`,
    );
  }
  const workingDays = new Map<string, string[]>();
  for (const { day, is_working } of days) {
    const month = workingDays.get(day.slice(0, 7)) ?? [];
    if (is_working === "true") month.push(day);
    workingDays.set(day.slice(0, 7), month);
  }
  return { pipeline, workingDays, calendarEnd: days.at(-1)?.day ?? "" };
}

/**
 * The first time after a moment at which a pipeline is due, none after another moment; in milliseconds since 1970.
 * @throws Error in a sentence when the working-day calendar does not reach that far: days are counted, never guessed
 */
export function nextDue(
  timetable: Timetable,
  after: number,
  until = Number.POSITIVE_INFINITY,
): number | undefined {
  const { schedule, time_zone: timeZone } = timetable.pipeline;
  if (!schedule) return undefined;
  if ("cron" in schedule) {
    const times = CronExpressionParser.parse(schedule.cron, { tz: timeZone, currentDate: after });
    const next = times.next().getTime();
    return next <= until ? next : undefined;
  }
  const from = new TZDate(after, timeZone);
  for (let ahead = 0; ahead <= 1; ahead += 1) {
    const month = addMonths(new TZDate(from.getFullYear(), from.getMonth(), 1, timeZone), ahead);
    if (month.getTime() > until) return undefined;
    const day = workingDayOf(timetable, format(month, "yyyy-MM"), schedule.working_day);
    const due = civilTime(day, schedule.at, timeZone);
    if (due > after) return due <= until ? due : undefined;
  }
  return undefined;
}

/** The n-th working day of a month, from its end when n is negative. */
function workingDayOf(
  { pipeline, workingDays, calendarEnd }: Timetable,
  month: string,
  count: number,
): string {
  const days = workingDays.get(month);
  const lastDay = format(addDays(addMonths(new Date(`${month}-01T00:00:00`), 1), -1), "yyyy-MM-dd");
  if (!days || lastDay > calendarEnd) {
    throw new Error(
      `The working-day calendar ${pipeline.calendar} ends on ${calendarEnd} and does not cover ${month}, so the schedule of the pipeline "${pipeline.pipeline}" cannot be told. Add the State Council's notice of that year.`,
    );
  }
  const day = days.at(count > 0 ? count - 1 : count);
  if (!day)
    throw new Error(
      `${month} has only ${days.length} working days, and the schedule of the pipeline "${pipeline.pipeline}" asks for number ${count}.`,
    );
  return day;
}

/** A civil time of a zone as milliseconds since 1970. */
export function civilTime(day: string, time: string, timeZone: string): number {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  const [hour, minute] = time.split(":").map(Number) as [number, number];
  return new TZDate(year, month - 1, date, hour, minute, 0, timeZone).getTime();
}

/** A moment as civil time of a zone, "2018-07-10 03:00:00". */
export function describeTime(moment: number, timeZone: string): string {
  return format(new TZDate(moment, timeZone), "yyyy-MM-dd HH:mm:ss");
}

/** Of times missed by the minute, only the newest are worth a run. */
const MOST_MISSED = 400;

/** The times from one moment (not inside) to another (inside) at which a pipeline was due, oldest first. */
export function listDue(timetable: Timetable, after: number, until: number): number[] {
  const { schedule, time_zone: tz } = timetable.pipeline;
  const times: number[] = [];
  if (schedule && "cron" in schedule) {
    const before = CronExpressionParser.parse(schedule.cron, { tz, currentDate: until + 1 });
    while (times.length < MOST_MISSED) {
      const time = before.prev().getTime();
      if (time <= after) break;
      times.unshift(time);
    }
    return times;
  }
  let next = nextDue(timetable, after, until);
  while (next !== undefined) {
    times.push(next);
    next = nextDue(timetable, next, until);
  }
  return times;
}

const HOUR = 3_600_000;

/**
 * When BullMQ wakes the scheduler for a pipeline, named by its job: at its next time; where that cannot be told,
 * after an hour, so that the reason is met again, and said again, until somebody mends it.
 */
export function wakeStrategy(workspace: string) {
  return (after: number, _options: RepeatOptions, name?: string): number => {
    try {
      return nextDue(readTimetable(workspace, name ?? ""), after) ?? after + HOUR;
    } catch {
      return after + HOUR;
    }
  };
}
