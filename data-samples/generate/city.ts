import { type Calendar, type Day, FIRST_DAY, LAST_DAY } from "./days.ts";
import type { Quality } from "./quality.ts";
import type { Random } from "./random.ts";
import type { Register } from "./register.ts";

/** What every kind of record is made from. */
export interface City {
  readonly seed: number;
  readonly register: Register;
  readonly quality: Quality;
  readonly calendar: Calendar;
  random(label: string): Random;
}

/** The word that says in every row that nothing of it happened. */
export const MARK = "合成示例数据";
/** Heading of the column that carries it. */
export const MARK_COLUMN = "数据性质";

export interface SampleFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A source of the demo city: its folder, its files and what SOURCE.md says of them. */
export interface SampleSource {
  readonly id: string;
  readonly title: { readonly zh: string; readonly en: string };
  /** What the form is modelled on, where the synthetic mark is, what is personal. */
  readonly note: { readonly zh: string; readonly en: string };
  make(city: City): SampleFile[] | Promise<SampleFile[]>;
}

/** Working days of events, about `perYear` a year from 2016 to 2018, evenly spread with some chance. */
export function eventDays({ calendar }: City, random: Random, perYear: number): Day[] {
  const days: Day[] = [];
  const step = 365.25 / perYear;
  for (let start = FIRST_DAY + step * random.next() * 0.5; start <= LAST_DAY; start += step) {
    const day = calendar.onOrAfter(Math.floor(start + step * random.next() * 0.8));
    if (day <= LAST_DAY) days.push(day);
  }
  return days;
}

/**
 * How many units of time something takes that is due within `limit`: within it with probability `onTime`;
 * else later, or never (null) with probability `never`.
 */
export function takeTime(
  random: Random,
  { onTime, limit, never = 0 }: { onTime: number; limit: number; never?: number },
): number | null {
  if (random.chance(onTime)) return Math.min(limit, 1 + Math.floor(random.next() * limit));
  if (random.chance(never)) return null;
  return limit + 1 + random.geometric(Math.max(1, limit * 0.6));
}

/** A six-digit running number behind a prefix. */
export function numbered(prefix: string, number: number, digits = 4): string {
  return prefix + String(number).padStart(digits, "0");
}
