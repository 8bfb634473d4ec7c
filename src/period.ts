import { addMonths, endOfMonth, format, parse } from "date-fns";
import type { Bilingual } from "./standard/bilingual.ts";

/** A span that is scored: a month, a quarter or a year. Days are ISO dates; both ends are inside. */
export interface Period {
  /** "2018-06", "2018-Q2" or "2018". */
  readonly id: string;
  readonly frequency: "month" | "quarter" | "year";
  readonly start: string;
  readonly end: string;
}

const MONTHS = { month: 1, quarter: 3, year: 12 } as const;

/** Months of a period. */
export function monthsOf(frequency: Period["frequency"]): number {
  return MONTHS[frequency];
}

/**
 * Reads a period.
 * @throws Error in a sentence when the text is none
 */
export function parsePeriod(text: string): Period {
  const month = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text);
  if (month) return makePeriod("month", `${text}-01`);
  const quarter = /^(\d{4})-Q([1-4])$/.exec(text);
  if (quarter) {
    const first = (Number(quarter[2]) - 1) * 3 + 1;
    return makePeriod("quarter", `${quarter[1]}-${String(first).padStart(2, "0")}-01`);
  }
  if (/^\d{4}$/.test(text)) return makePeriod("year", `${text}-01-01`);
  throw new Error(
    `"${text}" is not a period; write a month as 2018-06, a quarter as 2018-Q2, or a year as 2018.`,
  );
}

/** The period `count` steps later (earlier, when negative), of the same frequency. */
export function shiftPeriod(period: Period, count: number): Period {
  return makePeriod(
    period.frequency,
    isoDay(addMonths(day(period.start), count * MONTHS[period.frequency])),
  );
}

/** The period of the same frequency one year earlier. */
export function periodLastYear(period: Period): Period {
  return makePeriod(period.frequency, isoDay(addMonths(day(period.start), -12)));
}

/** The last period of a frequency that had ended before the day. */
export function periodBefore(frequency: Period["frequency"], isoDate: string): Period {
  const month = Number(isoDate.slice(5, 7)) - 1;
  const first = month - (month % MONTHS[frequency]) + 1;
  return shiftPeriod(
    makePeriod(frequency, `${isoDate.slice(0, 4)}-${String(first).padStart(2, "0")}-01`),
    -1,
  );
}

/** First day of the rolling window of so many months that ends with the period. */
export function windowStart(period: Period, months: number): string {
  return isoDay(addMonths(day(period.end), 1 - months))
    .slice(0, 8)
    .concat("01");
}

/** A period as a sentence names it: 2018年6月, 2018年第2季度, 2018年; June 2018, Q2 2018, 2018. */
export function namePeriod(id: string): Bilingual {
  const { frequency, start } = parsePeriod(id);
  const first = day(start);
  if (frequency === "year") return { zh: format(first, "yyyy年"), en: format(first, "yyyy") };
  if (frequency === "quarter") {
    return { zh: format(first, "yyyy年第Q季度"), en: format(first, "'Q'Q yyyy") };
  }
  return { zh: format(first, "yyyy年M月"), en: format(first, "MMMM yyyy") };
}

function makePeriod(frequency: Period["frequency"], start: string): Period {
  const first = day(start);
  const end = isoDay(endOfMonth(addMonths(first, MONTHS[frequency] - 1)));
  const id =
    frequency === "month"
      ? start.slice(0, 7)
      : frequency === "year"
        ? start.slice(0, 4)
        : `${start.slice(0, 4)}-Q${Math.floor(first.getMonth() / 3) + 1}`;
  return { id, frequency, start, end };
}

function day(iso: string): Date {
  return parse(iso, "yyyy-MM-dd", new Date(2000, 0, 1));
}

function isoDay(date: Date): string {
  return format(date, "yyyy-MM-dd");
}
