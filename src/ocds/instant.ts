import { TZDate } from "@date-fns/tz";

/** A moment, to be compared with others: whole seconds, and the digits behind the point. */
export interface Instant {
  readonly seconds: number;
  readonly fraction: string;
}

const PATTERN =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/**
 * Reads a date and time of RFC 3339, with as many digits as it has. A day alone is its beginning. Undefined when it is no such text
 * or no such day.
 * @param local the zone of times that name none; UTC unless said otherwise
 */
export function readInstant(text: string, local?: string): Instant | undefined {
  const found = PATTERN.exec(text);
  if (!found) return undefined;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", zone] = found;
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  const midnight = Date.UTC(y, m - 1, d);
  const civil = new Date(midnight);
  if (civil.getUTCMonth() !== m - 1 || civil.getUTCDate() !== d) return undefined;
  const [h, min, s] = [Number(hour), Number(minute), Number(second)];
  if (h > 24 || min > 59 || s > 60) return undefined;
  const seconds =
    zone === undefined && local !== undefined
      ? new TZDate(y, m - 1, d, h, min, s, local).getTime() / 1000
      : midnight / 1000 + h * 3600 + min * 60 + s - offsetOf(zone);
  return { seconds, fraction: fraction.replace(/0+$/, "") };
}

function offsetOf(zone: string | undefined): number {
  if (zone === undefined || /^z$/i.test(zone)) return 0;
  const sign = zone.startsWith("-") ? -1 : 1;
  const digits = zone.slice(1).replace(":", "").padEnd(4, "0");
  return sign * (Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2)) * 60);
}

/** Negative when the first is earlier, 0 when they are the same moment. */
export function compareInstants(a: Instant, b: Instant): number {
  if (a.seconds !== b.seconds) return a.seconds - b.seconds;
  const digits = Math.max(a.fraction.length, b.fraction.length);
  const [one, other] = [a.fraction.padEnd(digits, "0"), b.fraction.padEnd(digits, "0")];
  return one < other ? -1 : one > other ? 1 : 0;
}
