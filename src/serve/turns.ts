import pLimit from "p-limit";

/** Work that costs so much that it is done one after the other. */
export interface Turns {
  /** @throws TooBusy when too many wait already */
  take<T>(work: () => Promise<T>): Promise<T>;
}

/** Too many wait for their turn. */
export class TooBusy extends Error {}

/**
 * One at a time, in the order in which they came.
 * @param mostWaiting how many may wait beside the one at work
 */
export function openTurns(mostWaiting: number): Turns {
  const oneAtATime = pLimit(1);
  return {
    async take(work) {
      if (oneAtATime.activeCount + oneAtATime.pendingCount > mostWaiting) throw new TooBusy();
      return oneAtATime(work);
    },
  };
}
