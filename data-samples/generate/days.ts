import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";

/** A day as the count of days since 1970-01-01. */
export type Day = number;

const MILLISECONDS = 86_400_000;

/** First and last day on which anything in the demo city happens. */
export const FIRST_DAY = dayOf("2016-01-01");
export const LAST_DAY = dayOf("2018-12-31");

export function dayOf(iso: string): Day {
  return Date.parse(`${iso}T00:00:00Z`) / MILLISECONDS;
}

interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly iso: string;
}

const known = new Map<Day, Parts>();

/** Year, month (1 to 12) and day of the month. */
export function partsOf(day: Day): Parts {
  let parts = known.get(day);
  if (!parts) {
    const iso = new Date(day * MILLISECONDS).toISOString().slice(0, 10);
    const [year = 0, month = 0, number = 0] = iso.split("-").map(Number);
    parts = { year, month, day: number, iso };
    known.set(day, parts);
  }
  return parts;
}

/** Months since January 2016. */
export function monthIndex(day: Day): number {
  const { year, month } = partsOf(day);
  return (year - 2016) * 12 + month - 1;
}

/** The ways in which the city's offices write a day. */
export type DayStyle = "iso" | "slash" | "compact" | "chinese";

/** "2018-01-05", "2018/1/5", "20180105" or "2018年1月5日"; empty text for no day. */
export function writeDay(day: Day | null, style: DayStyle = "iso"): string {
  if (day === null) return "";
  const { year, month, day: number, iso } = partsOf(day);
  if (style === "iso") return iso;
  if (style === "slash") return `${year}/${month}/${number}`;
  if (style === "compact") return iso.replaceAll("-", "");
  return `${year}年${month}月${number}日`;
}

/** Minutes since 1970-01-01 as day and time of day, as "2018-01-05 08:30"; empty text for none. */
export function writeMinute(minute: number | null, style: DayStyle = "iso"): string {
  if (minute === null) return "";
  const time = minute % 1440;
  const two = (number: number) => String(number).padStart(2, "0");
  return `${writeDay(Math.floor(minute / 1440), style)} ${two(Math.floor(time / 60))}:${two(time % 60)}`;
}

export interface Calendar {
  isWorking(day: Day): boolean;
  /** The day itself, or the next working day. */
  onOrAfter(day: Day): Day;
  /** The count-th working day after a day; the day itself for 0. */
  add(day: Day, count: number): Day;
}

/** The working-day calendar of the repository (columns day, is_working). */
export function readCalendar(file: string): Calendar {
  const rows: { day: string; is_working: string }[] = parse(readFileSync(file), { columns: true });
  const working: Day[] = [];
  for (const row of rows) if (row.is_working === "true") working.push(dayOf(row.day));
  const start = dayOf(rows[0]?.day ?? "2016-01-01");
  const isWorking = new Set(working);
  // placeOf[n]: how many working days there are up to and including day start + n.
  const placeOf: number[] = [];
  for (let day = start, count = 0; placeOf.length < rows.length; day++) {
    if (isWorking.has(day)) count++;
    placeOf.push(count);
  }
  const place = (day: Day) => placeOf[day - start] as number;
  return {
    isWorking: (day) => isWorking.has(day),
    onOrAfter: (day) => (isWorking.has(day) ? day : (working[place(day)] as Day)),
    add: (day, count) => (count === 0 ? day : (working[place(day) + count - 1] as Day)),
  };
}
