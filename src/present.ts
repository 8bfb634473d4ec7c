import { TZDate } from "@date-fns/tz";
import { format } from "date-fns";

/** The moment something is done by hand, by a job or by a visitor; stages are told theirs by the context. */
export interface Present {
  /** Civil time of a zone, "2018-07-10 03:00:00". */
  readonly now: string;
  /** The same as whole seconds since 1970, for signatures. */
  readonly seconds: number;
}

/** The present in a time zone. */
export function tellPresent(timeZone: string): Present {
  const zoned = TZDate.tz(timeZone);
  return {
    now: format(zoned, "yyyy-MM-dd HH:mm:ss"),
    seconds: Math.floor(zoned.getTime() / 1000),
  };
}
