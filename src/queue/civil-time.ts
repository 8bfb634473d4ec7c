import { tzOffset } from "@date-fns/tz";

const MINUTE = 60_000;
const DAY = 86_400_000;

/** What a zone's clock is ahead of UTC at a moment, in milliseconds. */
function offsetAt(moment: number, timeZone: string): number {
  return Math.round(tzOffset(timeZone, new Date(moment)) * MINUTE);
}

/**
 * What a zone's clock shows at a moment. A shown time is written as if the clock were in UTC, in milliseconds since 1970,
 * so that it can be reckoned with; it is no moment.
 */
export function shownAt(moment: number, timeZone: string): number {
  return moment + offsetAt(moment, timeZone);
}

/**
 * The moment at which a zone's clock first shows a time. A time that the clock shows twice, as in the hour that comes
 * again in autumn, is its first; a time that it leaps over, as in spring, is the moment of the leap. So every time has
 * one moment, and a later time never an earlier one.
 * @param shown as shownAt gives it
 */
export function momentOf(shown: number, timeZone: string): number {
  // No zone changes its clock by more than a day, nor twice within two.
  const before = offsetAt(shown - DAY, timeZone);
  const after = offsetAt(shown + DAY, timeZone);
  const moments = [shown - before, shown - after].filter(
    (moment) => shownAt(moment, timeZone) === shown,
  );
  return moments.length > 0 ? Math.min(...moments) : findLeap(shown - after, shown - before);

  function findLeap(low: number, high: number): number {
    let [from, to] = [low, high];
    while (to - from > 1) {
      const middle = Math.floor((from + to) / 2);
      if (offsetAt(middle, timeZone) === before) from = middle;
      else to = middle;
    }
    return to;
  }
}

/**
 * Milliseconds from a moment until a zone's clock shows a time, 0 where it does already; of a time shown twice the first still to come.
 * @param civil "2018-07-10 03:00:00"
 */
export function waitUntilShown(civil: string, moment: number, timeZone: string): number {
  const shown = Date.parse(`${civil.replace(" ", "T")}Z`);
  const now = shownAt(moment, timeZone);
  if (now >= shown) return 0;
  const first = momentOf(shown, timeZone);
  return first > moment ? first - moment : shown - now;
}

/** The latest time that a zone's clock has shown up to a moment: more than it shows now, where it was put back. */
export function latestShown(moment: number, timeZone: string): number {
  return Math.max(shownAt(moment, timeZone), moment + offsetAt(moment - DAY, timeZone));
}
