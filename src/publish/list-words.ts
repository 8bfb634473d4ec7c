import { LIST_TEXTS } from "./list-texts.ts";
import type { Bilingual } from "./report.ts";
import { fill } from "./words.ts";

/** Until when an entry holds, in words. */
export function describeEnd({
  ends,
  until,
}: {
  readonly ends: string;
  readonly until: string | null;
}): Bilingual {
  if (ends === "repair" || until === null) return LIST_TEXTS.untilRepair;
  if (ends === "next_list") return LIST_TEXTS.untilNextList;
  return fill(LIST_TEXTS.untilMonths, { day: until });
}
