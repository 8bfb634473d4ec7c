import type { RepeatOptions } from "bullmq";
import { CronExpressionParser } from "cron-parser";
import { addDays, addMonths, format } from "date-fns";
import { readCalendar } from "../standard/calendar-file.ts";
import type { PipelineDefinition } from "../standard/pipeline-definition.ts";
import { findPipeline } from "../standard/workspace.ts";
import { latestShown, momentOf, shownAt } from "./civil-time.ts";

/** A pipeline with the working days of its calendar, by month ("2018-06"), in order. */
export interface Timetable {
  readonly pipeline: PipelineDefinition;
  readonly workingDays: ReadonlyMap<string, readonly string[]>;
  /** First and last day of the calendar, "" without one. */
  readonly calendarStart: string;
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
  const [calendarStart, calendarEnd] = [days[0]?.day ?? "", days.at(-1)?.day ?? ""];
  return { pipeline, workingDays, calendarStart, calendarEnd };
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
  const { time_zone: timeZone } = timetable.pipeline;
  for (const shown of timesForth(timetable, shownAt(after, timeZone), until)) {
    const due = momentOf(shown, timeZone);
    if (due > until) return undefined;
    if (due > after) return due;
  }
  return undefined;
}

/** Of times missed by the minute, only the newest are worth a run. */
const MOST_MISSED = 400;

/**
 * The times from one moment (not inside) to another (inside) at which a pipeline was due, oldest first: those that nextDue
 * names one by one, the newest 400 of them.
 * @throws as nextDue
 */
export function listDue(timetable: Timetable, after: number, until: number): number[] {
  const { time_zone: timeZone } = timetable.pipeline;
  const times: number[] = [];
  for (const shown of timesBack(timetable, after, until)) {
    const due = momentOf(shown, timeZone);
    if (due <= after || times.length === MOST_MISSED) break;
    // Two times that the clock leapt over have one moment, and one run.
    if (due <= until && due !== times[0]) times.unshift(due);
  }
  return times;
}

/*
 * What a schedule says are times of the clock on the wall; which moments they are is said in one place, momentOf, for
 * the next time and for those gone by alike.
 */

/** Times at which the clock must show for a pipeline to be due, from one on, as shownAt writes them. */
function* timesForth(timetable: Timetable, from: number, until: number): Generator<number> {
  const { schedule, time_zone: timeZone } = timetable.pipeline;
  if (!schedule) return;
  if ("cron" in schedule) {
    // In UTC no time is left out or comes twice.
    const times = CronExpressionParser.parse(schedule.cron, { tz: "UTC", currentDate: from - 1 });
    while (true) yield times.next().getTime();
  }
  const start = firstOfMonth(from);
  for (let ahead = 0; ; ahead += 1) {
    const month = firstOfMonth(start, ahead);
    if (momentOf(month, timeZone) > until) return;
    const day = workingDayOf(timetable, nameOf(month), schedule.working_day);
    if (day) yield timeOn(day, schedule.at);
  }
}

/** The same times backwards, from the last one that can have been due until a moment. */
function* timesBack(timetable: Timetable, after: number, until: number): Generator<number> {
  const { schedule, time_zone: timeZone } = timetable.pipeline;
  if (!schedule) return;
  const from = latestShown(until, timeZone);
  if ("cron" in schedule) {
    const times = CronExpressionParser.parse(schedule.cron, { tz: "UTC", currentDate: from + 1 });
    while (true) yield times.prev().getTime();
  }
  const shown = [...timesForth(timetable, shownAt(after, timeZone), until)];
  yield* shown.toReversed();
}

/**
 * The n-th working day of a month, from its end when n is negative. A month with fewer gives its last one (counted from
 * its end: its first; one without any: its last day), for the month before it wants its run too.
 * @returns undefined for months before the calendar
 * @throws Error in a sentence when the calendar ends before the month does
 */
function workingDayOf(
  { pipeline, workingDays, calendarStart, calendarEnd }: Timetable,
  month: string,
  count: number,
): string | undefined {
  if (`${month}-01` < calendarStart) return undefined;
  const lastDay = format(addDays(addMonths(new Date(`${month}-01T00:00:00`), 1), -1), "yyyy-MM-dd");
  if (lastDay > calendarEnd) {
    throw new Error(
      `工作日历 ${pipeline.calendar} 止于 ${calendarEnd}，不含 ${month}，无法确定流水线“${pipeline.pipeline}”的运行日；请补入该年的放假安排。` +
        `The working-day calendar ${pipeline.calendar} ends on ${calendarEnd} and does not cover ${month}, so the schedule of the pipeline "${pipeline.pipeline}" cannot be told. Add that year's holidays (in China: the State Council's notice).`,
    );
  }
  const days = workingDays.get(month) ?? [];
  return days.at(count > 0 ? count - 1 : count) ?? days.at(count > 0 ? -1 : 0) ?? lastDay;
}

function firstOfMonth(shown: number, ahead = 0): number {
  const day = new Date(shown);
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + ahead, 1);
}

function nameOf(month: number): string {
  return new Date(month).toISOString().slice(0, 7);
}

/** A day and a time of it, as shownAt writes times. */
function timeOn(day: string, time: string): number {
  return Date.parse(`${day}T${time}:00Z`);
}

/** A moment as civil time of a zone, "2018-07-10 03:00:00". */
export function describeTime(moment: number, timeZone: string): string {
  return new Date(shownAt(moment, timeZone)).toISOString().slice(0, 19).replace("T", " ");
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
