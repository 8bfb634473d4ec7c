import { rollBack } from "./roll-back.ts";
import type { Store } from "./store.ts";

/** Work in the database took longer than it may. */
export class OutOfTime extends Error {
  override readonly name = "OutOfTime";

  /** @param seconds it was given */
  constructor(
    readonly seconds: number,
    cause: unknown,
  ) {
    super(
      `数据库处理超过 ${seconds} 秒，已中止，未改动任何数据。Working in the database took more than ${seconds} seconds; it was stopped, and nothing was changed.`,
      { cause },
    );
  }
}

/** A statement that begins after the time is over is not ended by what ended the one before. */
const AGAIN_MS = 200;
/** The longest that Node's clocks can be set to. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Does work on one connection, and ends its statements when it takes longer than it may.
 * @param seconds more than 24 days are no bound
 * @throws OutOfTime, with the transaction it was in rolled back; what the work throws by itself
 */
export async function withinTime<T>(
  store: Store,
  seconds: number,
  work: () => Promise<T>,
): Promise<T> {
  if (seconds * 1000 > LONGEST_MS) return work();
  let isLate = false;
  let again: NodeJS.Timeout | undefined;
  const clock = setTimeout(() => {
    isLate = true;
    store.interrupt();
    again = setInterval(() => store.interrupt(), AGAIN_MS);
  }, seconds * 1000);
  const stop = () => {
    clearTimeout(clock);
    clearInterval(again);
  };
  try {
    return await work();
  } catch (error) {
    stop();
    if (!isLate) throw error;
    // The end of its transaction may have been interrupted like any other statement.
    await rollBack(store.connection);
    throw new OutOfTime(seconds, error);
  } finally {
    stop();
  }
}
