import { CronExpressionParser } from "cron-parser";

/** Every pairing of weekdays, lengths of February and months comes within 28 years. */
const YEARS = { first: 2001, count: 28 };

/**
 * The first month, among those a cron expression names, in which it gives no time: February for a 30th, April for a
 * 31st, February of a common year for a 29th.
 * @returns "2001-02"; undefined when every month it names has a time
 */
export function findScarceMonth(cron: string): string | undefined {
  const named = new Set<unknown>(CronExpressionParser.parse(cron).fields.month.values);
  for (let ahead = 0; ahead < YEARS.count * 12; ahead += 1) {
    const start = Date.UTC(YEARS.first, ahead, 1);
    if (!named.has((ahead % 12) + 1)) continue;
    const times = CronExpressionParser.parse(cron, { tz: "UTC", currentDate: start - 1 });
    if (times.next().getTime() >= Date.UTC(YEARS.first, ahead + 1, 1)) {
      return new Date(start).toISOString().slice(0, 7);
    }
  }
  return undefined;
}
