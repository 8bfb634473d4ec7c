import { format, parseISO, subDays } from "date-fns";
import type { Context } from "../context.ts";
import { type Period, windowStart } from "../period.ts";

/** A period as evidence sees it; both ends of both spans are inside. Days are ISO dates. */
export interface Span {
  readonly period: string;
  readonly start: string;
  readonly end: string;
  readonly window_start: string;
}

/**
 * The period and its rolling window. A period that is not over at the as-of time ends, for evidence, on the last
 * day that is over: what falls due later is not held against anybody.
 */
export function spanOf(
  period: Period,
  { standard, asOf }: Pick<Context, "standard" | "asOf">,
): Span {
  const lastFullDay = dayBefore(asOf.slice(0, 10));
  return {
    period: period.id,
    start: period.start,
    end: lastFullDay < period.end ? lastFullDay : period.end,
    window_start: windowStart(period, standard.window_months),
  };
}

function dayBefore(day: string): string {
  return format(subDays(parseISO(day), 1), "yyyy-MM-dd");
}
