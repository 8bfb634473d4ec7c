import { type Day, dayOf, partsOf } from "./days.ts";

/** The last monthly delivery in the files: nothing known later is in them. */
export const LAST_DELIVERY = dayOf("2019-01-08");

/** Sources deliver on the 8th of each month; this is the first delivery after a day. */
export function deliveryAfter(day: Day): Day {
  const { year, month, day: number } = partsOf(day);
  if (number < 8) return day - number + 8;
  const next = month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, "0")}`;
  return dayOf(`${next}-08`);
}

/** The year a delivery belongs to: January's still tells of December, but there is nothing before 2016. */
export function yearOfDelivery(delivered: Day): number {
  return Math.max(2016, partsOf(delivered - 10).year);
}

export interface Version<R> {
  readonly row: R;
  readonly delivered: Day;
}

/** A record's fields that hold days, or nothing. */
type DayField<R> = { [K in keyof R]: R[K] extends Day | null ? K : never }[keyof R];

/**
 * What was delivered about a record and when: a row at the first delivery after its beginning, and another whenever
 * a later event or deadline has changed it. Days of events that have not happened yet are empty.
 * @param record as it stands at the very end
 * @param moments its beginning, and days on which its state changes though no event is recorded, as a deadline
 * @param events fields with days of events
 * @param settle derives fields that follow from what has happened before the delivery
 */
export function deliver<R extends object>(
  record: R,
  moments: readonly Day[],
  events: readonly DayField<R>[],
  settle: (row: R, delivered: Day) => R = (row) => row,
): Version<R>[] {
  const days = [...moments, ...events.map((name) => record[name] as Day | null)];
  const deliveries = new Set(days.filter((day) => day !== null).map(deliveryAfter));
  const first = deliveryAfter(moments[0] as Day);
  const versions: Version<R>[] = [];
  let last = "";
  for (const delivered of [...deliveries].sort((a, b) => a - b)) {
    if (delivered < first || delivered > LAST_DELIVERY) continue;
    const row = { ...record };
    for (const name of events) {
      const day = row[name] as Day | null;
      if (day !== null && day >= delivered) row[name] = null as R[DayField<R>];
    }
    const settled = settle(row, delivered);
    const text = JSON.stringify(settled);
    if (text !== last) versions.push({ row: settled, delivered });
    last = text;
  }
  return versions;
}

/** All versions in the order in which they were delivered; those of one delivery in the order given. */
export function inOrder<R>(versions: readonly Version<R>[]): Version<R>[] {
  return versions
    .map((version, place) => ({ version, place }))
    .sort((a, b) => a.version.delivered - b.version.delivered || a.place - b.place)
    .map(({ version }) => version);
}

/** The versions of each year's deliveries, in order. */
export function byYear<R>(versions: readonly Version<R>[]): [number, Version<R>[]][] {
  const years = new Map<number, Version<R>[]>();
  for (const version of inOrder(versions)) {
    const year = yearOfDelivery(version.delivered);
    const list = years.get(year);
    if (list) list.push(version);
    else years.set(year, [version]);
  }
  return [...years].sort(([a], [b]) => a - b);
}
