import { TZDate } from "@date-fns/tz";
import { format } from "date-fns";
import type { PipelineDefinition } from "./standard/pipeline-definition.ts";

/** The moment something is done by hand, by a job or by a visitor; stages are told theirs by the context. */
export interface Present {
  /** Civil time of a zone, "2018-07-10 03:00:00". */
  readonly now: string;
  /** The same as whole seconds since 1970, for signatures. */
  readonly seconds: number;
}

/** The present in a time zone. @param moment taken for the present; else the machine's clock */
export function tellPresent(timeZone: string, moment: Date = new Date()): Present {
  const zoned = new TZDate(moment.getTime(), timeZone);
  return {
    now: format(zoned, "yyyy-MM-dd HH:mm:ss"),
    seconds: Math.floor(zoned.getTime() / 1000),
  };
}

/**
 * The day by which it is told whether a record may still be shown, also in a month published long before: today. In an invented
 * city, whose records are of years gone by, it is the day of its newest publication.
 * @param runs what is published of the pipeline
 */
export function publicDay({
  definition: { time_zone, report, example },
  runs,
}: {
  readonly definition: PipelineDefinition;
  readonly runs: readonly { readonly asOf: string }[];
}): string {
  const invented = report.synthetic !== undefined && example !== undefined;
  const now = invented
    ? ([...runs.map(({ asOf }) => asOf), example.as_of].toSorted().at(-1) as string)
    : tellPresent(time_zone).now;
  return now.slice(0, 10);
}

/** The day so many days before a civil time. */
export function dayBefore(now: string, days: number): string {
  const day = new Date(`${now.slice(0, 10)}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() - days);
  return day.toISOString().slice(0, 10);
}
