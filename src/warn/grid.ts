import type { Period } from "../period.ts";

/** Months in a row, each by its number since the year 0; the last is the end of the period asked for. */
export interface MonthGrid {
  readonly first: number;
  readonly count: number;
}

/** No series looks further back than this. */
const LONGEST_MONTHS = 240;

/** Months of a period of each frequency. */
export const PERIOD_MONTHS = { month: 1, quarter: 3, year: 12 } as const;

/** The number of a month since the year 0, from any ISO date in it. */
export function monthNumber(isoDate: string): number {
  return Number(isoDate.slice(0, 4)) * 12 + Number(isoDate.slice(5, 7)) - 1;
}

/** The grid from the first month in which anything is known to the end of the period, whole periods at both ends. */
export function makeGrid(firstMonth: number, period: Period): MonthGrid {
  const last = monthNumber(period.end);
  const step = PERIOD_MONTHS[period.frequency];
  const wanted = Math.min(Math.max(last - firstMonth + 1, step), LONGEST_MONTHS);
  const count = Math.ceil(wanted / step) * step;
  return { first: last - count + 1, count };
}

/** The id of the period that ends with a month. */
export function periodIdAt(frequency: Period["frequency"], month: number): string {
  const year = String(Math.floor(month / 12));
  if (frequency === "year") return year;
  if (frequency === "quarter") return `${year}-Q${Math.floor((month % 12) / 3) + 1}`;
  return `${year}-${String((month % 12) + 1).padStart(2, "0")}`;
}

/** Ids of the grid's periods, oldest first. */
export function periodIds({ first, count }: MonthGrid, frequency: Period["frequency"]): string[] {
  const step = PERIOD_MONTHS[frequency];
  return Array.from({ length: count / step }, (_, at) =>
    periodIdAt(frequency, first + (at + 1) * step - 1),
  );
}
