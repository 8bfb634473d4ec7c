import type { Logger } from "pino";
import type { Renderings } from "../../redact/renderings.ts";
import type { MonthIndex, ServedPipeline } from "./find-month.ts";

/** How often it is looked whether something lapsed or was published. */
const EVERY_MS = 60_000;

/**
 * Makes what may be shown of every month, the newest first, before a visitor asks for it: at the start, when a record lapses or
 * a month is published, and for the day after.
 */
export function prepareMonths({
  index,
  renderings,
  today,
  log,
}: {
  readonly index: MonthIndex;
  readonly renderings: Renderings;
  readonly today: (served: ServedPipeline) => string;
  readonly log?: Logger | undefined;
}): { close(): void } {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  const prepare = async () => {
    for (const served of index.list()) {
      for (const run of served.runs.toReversed()) {
        if (closed) return;
        try {
          await renderings.prepare(served, run, today(served));
        } catch (err) {
          if (!closed) log?.error({ err, run: run.run }, "a month could not be made ready");
        }
      }
    }
    if (!closed) timer = setTimeout(prepare, EVERY_MS).unref();
  };
  void prepare();
  return {
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}
