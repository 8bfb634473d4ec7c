import { isName, isObject, type JsonObject } from "./json-value.ts";

/** The date of the first release that speaks of each contract, award and lot, by list and id. Shared between states where it is the same. */
export type FirstDates = ReadonlyMap<string, string>;

/** The first dates with a release more, which comes after those before. */
export function addFirstDates(before: FirstDates, release: JsonObject, date: string): FirstDates {
  const { contracts, awards, tender } = release;
  const lists = { contracts, awards, lots: isObject(tender) ? tender.lots : undefined };
  let after: Map<string, string> | undefined;
  for (const [list, entries] of Object.entries(lists)) {
    for (const entry of [entries].flat()) {
      const key = isObject(entry) ? firstDateKey(list, entry.id) : undefined;
      if (key === undefined || (after ?? before).has(key)) continue;
      after ??= new Map(before);
      after.set(key, date);
    }
  }
  return after ?? before;
}

/** Where the first date of an element of a list stands; undefined for one without an id. */
export function firstDateKey(list: string, id: unknown): string | undefined {
  return isName(id) ? `${list}:${String(id)}` : undefined;
}
