import { setTimeout as sleep } from "node:timers/promises";
import type { PublishedRun } from "../../publish/find-published.ts";
import type { Renderings, Shown } from "../../redact/renderings.ts";
import type { ServedPipeline } from "./find-month.ts";

/** What may be shown today of a published run: every door asks it before it opens a folder. */
export type ShowRun = (served: ServedPipeline, run: PublishedRun) => Promise<Shown>;

/** The same, without waiting: undefined while what may be shown is still being made. */
export type LookAtRun = (served: ServedPipeline, run: PublishedRun) => Promise<Shown | undefined>;

/** What may be shown of a month is still being made; whoever asks should come back. */
export class MonthInMaking extends Error {}

/**
 * @param today day by which it is told whether a record may still be shown
 * @param patience how long a visitor waits for a month in the making, in milliseconds
 */
export function openShowing(
  renderings: Renderings,
  today: (served: ServedPipeline) => string,
  patience: number,
): { readonly show: ShowRun; readonly look: LookAtRun } {
  const waitFor = async (making: Promise<Shown>): Promise<Shown> => {
    if (patience === Number.POSITIVE_INFINITY) return making;
    making.catch(() => undefined);
    const waited = new AbortController();
    const late = sleep(patience, undefined, { signal: waited.signal, ref: false });
    try {
      const shown = await Promise.race([making, late.catch(() => undefined)]);
      if (!shown) throw new MonthInMaking("what may be shown of the month is still being made");
      return shown;
    } finally {
      waited.abort();
    }
  };
  return {
    show: (served, run) => waitFor(renderings.show(served, run, today(served))),
    look: (served, run) => renderings.look(served, run, today(served)),
  };
}
