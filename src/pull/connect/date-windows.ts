import { TZDate } from "@date-fns/tz";
import { addDays, differenceInCalendarDays, format, parse } from "date-fns";
import type { ConnectorOf } from "../../standard/connector-definition.ts";

type Windows = NonNullable<ConnectorOf<"http-json">["windows"]>;

/** A span of days that is asked for as a list of its own. */
export interface DateWindow {
  /** Its first day, YYYY-MM-DD; names the files that came of it. */
  readonly day: string;
  /** What is sent as the parameters of the address. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The day up to which all is fetched once this window is, YYYY-MM-DD. */
  readonly reached: string;
}

const DAY = "yyyy-MM-dd";

/**
 * The windows from the one in which the last fetch, less the overlap, came to its end, until the one in which now is. They are counted
 * from `start`, so that a window asked for again has the address it had before. One ends on the day on which the next begins, so that
 * nothing falls between them whether or not the server counts the last day; what is sent twice is known again.
 * @param reached the day the last fetch came to, YYYY-MM-DD; undefined before the first
 * @param now the time of the fetch, in the pipeline's zone
 * @returns none before `start`
 */
export function listWindows(
  windows: Windows,
  reached: string | undefined,
  now: TZDate,
): readonly DateWindow[] {
  const read = (day: string) => parse(day, DAY, new TZDate(0, now.timeZone as string));
  const write = (day: Date) => format(day, windows.format);
  const start = read(windows.start);
  const daysTo = (day: Date) => differenceInCalendarDays(day, start);
  const again = reached === undefined ? 0 : daysTo(read(reached)) - windows.overlap_days;
  const today = format(now, DAY);
  const first = Math.floor(Math.max(again, 0) / windows.days);
  const last = Math.floor(daysTo(now) / windows.days);
  const found: DateWindow[] = [];
  for (let place = first; place <= last; place++) {
    const from = addDays(start, place * windows.days);
    const until = addDays(from, windows.days);
    found.push({
      day: format(from, DAY),
      parameters: { [windows.from]: write(from), [windows.until]: write(until) },
      reached: place === last ? today : format(until, DAY),
    });
  }
  return found;
}
