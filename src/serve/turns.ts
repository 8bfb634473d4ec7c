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
  let last: Promise<unknown> = Promise.resolve();
  let inside = 0;
  return {
    async take(work) {
      if (inside > mostWaiting) throw new TooBusy();
      inside += 1;
      const turn = last.then(work).finally(() => {
        inside -= 1;
      });
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}
