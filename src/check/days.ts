import { addDays, differenceInCalendarDays, format, parseISO } from "date-fns";

/** Calendar days from one civil time or day to another. */
export function countDays(from: string, to: string): number {
  return differenceInCalendarDays(parseISO(to.slice(0, 10)), parseISO(from.slice(0, 10)));
}

/** The day so many days after the day of a civil time; as ISO text. */
export function dayAfter(time: string, days: number): string {
  return format(addDays(parseISO(time.slice(0, 10)), days), "yyyy-MM-dd");
}
