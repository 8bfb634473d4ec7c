import { TZDate } from "@date-fns/tz";
import type { Span, SpanEdge } from "../ocds/compile-releases.ts";
import type { Stretch } from "./stretches.ts";

/** When a file holds, as moments that releases are compared with. */
export function toSpan({ begins, ends }: Stretch, zone: string): Span {
  const span: { begins?: SpanEdge; ends?: SpanEdge } = {};
  if (begins !== "-infinity") span.begins = toEdge(begins, zone);
  if (ends !== "infinity") span.ends = toEdge(ends, zone);
  return span;
}

/** @param civil a civil time of the zone, as "2018-06-20 09:00:00" with digits behind the second or none */
function toEdge(civil: string, zone: string): SpanEdge {
  const [whole = "", fraction = ""] = civil.split(".");
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = whole
    .split(/[-: ]/)
    .map(Number);
  const time = new TZDate(year, month - 1, day, hour, minute, second, zone).getTime();
  const instant = { seconds: time / 1000, fraction: fraction.replace(/0+$/, "") };
  return { instant, date: civil };
}
