import { join } from "node:path";
import { startWatched } from "../watched-process.ts";
import type { Lapse } from "./lapsed.ts";
import type { RenderingPlaces } from "./render-month.ts";

/** What a process is told to write. */
export interface RenderingOrder {
  readonly places: RenderingPlaces;
  readonly lapsed: readonly Lapse[];
}

export interface RenderingAnswer {
  /** What went wrong, for the log; null: nothing. */
  readonly failed: string | null;
}

const WORKER = join(import.meta.dirname, "render-worker.ts");
const MOST_RESIDENT = 3 * 2 ** 30;
const MOST_HEAP_MIB = 2048;

/**
 * Writes a rendering in a process of its own, which may take seconds while pages go on being served.
 * @throws Error when it could not be written
 */
export async function renderApart(order: RenderingOrder): Promise<void> {
  const { child, kill, isTooLarge } = startWatched({
    program: WORKER,
    parameters: [],
    mostResident: MOST_RESIDENT,
    mostHeapMiB: MOST_HEAP_MIB,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    yields: false,
  });
  // Until it has answered, the program must not end for want of anything to do.
  child.ref();
  child.channel?.ref();
  try {
    const { failed } = await new Promise<RenderingAnswer>((resolve) => {
      const gone = () =>
        resolve({ failed: isTooLarge() ? "it took too much memory" : "its process ended" });
      child.once("message", resolve).once("exit", gone).once("error", gone);
      child.send(order, () => undefined);
    });
    if (failed !== null) {
      throw new Error(
        `The rendering of ${order.places.original} without the records that are published no more could not be written: ${failed}`,
      );
    }
  } finally {
    kill();
  }
}
