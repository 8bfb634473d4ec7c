import type { Redis } from "ioredis";
import type { Config } from "../config.ts";
import { type Context, SILENT } from "../context.ts";
import { openContext, openPlace, type RunRequest } from "../run-context.ts";
import { findPipeline } from "../standard/workspace.ts";
import type { Store } from "../store/store.ts";
import { type Lease, takeLease } from "./lease.ts";

/** The one way in which jobs get at a working database. */
export interface Writer {
  /**
   * Does the work on an open context while nobody else, in this process or another, works on that database.
   * @throws OpeningError when a program outside the queue has the database open
   */
  write<T>(
    jurisdiction: string,
    request: RunRequest,
    work: (context: Context) => Promise<T>,
  ): Promise<T>;
  /** Ends what is running: its transaction is rolled back and `write` throws. */
  interrupt(): void;
  /** Closes what is open and gives back the leases; call it once no work is running. */
  close(): Promise<void>;
}

export type Opened = Context;
/** Waits for a turn at a job's database, and uses it. */
export type AtDatabase = <T>(use: (context: Opened) => Promise<T>) => Promise<T>;

/** A database that is open, with the lease for it. */
interface Held {
  readonly lease: Lease;
  readonly store: Store;
  readonly dataDir: string;
  /** The context last used: the next job mostly asks the same question, whose definitions need not be read again. */
  last?: { readonly question: string; readonly context: Context };
}

/** The queue of those in this process who want one database. */
interface Desk {
  last: Promise<unknown>;
  held: Held | undefined;
  idle: NodeJS.Timeout | undefined;
}

/**
 * The database stays open for a moment after use: opening costs more than many a small job, and the next one mostly
 * follows at once. Then file and lease are free for others.
 */
const LINGER_MS = 150;

export function openWriter(
  config: Config,
  redis: Redis,
  { lingerMs = LINGER_MS }: { readonly lingerMs?: number } = {},
): Writer {
  const desks = new Map<string, Desk>();
  let closed = false;

  const close = async (desk: Desk) => {
    const { held } = desk;
    desk.held = undefined;
    clearTimeout(desk.idle);
    if (!held) return;
    held.store.close();
    await held.lease.release();
  };

  const open = async (desk: Desk, pipeline: ReturnType<typeof findPipeline>): Promise<Held> => {
    const key = `${config.queuePrefix}:lease:${pipeline.jurisdiction}`;
    const lease = await takeLease(redis, key, config.stallSeconds * 1000, () =>
      desk.held?.store.interrupt(),
    );
    try {
      return { lease, ...(await openPlace(config, pipeline)) };
    } catch (error) {
      await lease.release();
      throw error;
    }
  };

  return {
    write(jurisdiction, request, work) {
      const desk = deskOf(desks, jurisdiction);
      const turn = desk.last.then(async () => {
        clearTimeout(desk.idle);
        if (closed) throw new Error("The program stops.");
        desk.held ??= await open(desk, findPipeline(config.workspace, request.pipeline));
        try {
          const result = await work(await contextFor(config, desk.held, request));
          desk.idle = setTimeout(() => {
            desk.last = desk.last.then(() => close(desk));
          }, lingerMs);
          return result;
        } catch (error) {
          // Whatever went wrong, the next one begins with a database opened anew.
          await close(desk);
          throw error;
        }
      });
      desk.last = turn.catch(() => undefined);
      return turn;
    },
    interrupt() {
      for (const { held } of desks.values()) held?.store.interrupt();
    },
    async close() {
      closed = true;
      for (const desk of desks.values()) {
        await desk.last;
        await close(desk);
      }
    },
  };
}

async function contextFor(config: Config, held: Held, request: RunRequest): Promise<Context> {
  const { store, dataDir } = held;
  const question = JSON.stringify([request.pipeline, request.period, request.asOf]);
  if (held.last?.question !== question) {
    const context = await openContext(config, { ...request, place: { store, dataDir } });
    held.last = { question, context };
  }
  return { ...held.last.context, log: request.log, progress: request.progress ?? SILENT };
}

function deskOf(desks: Map<string, Desk>, jurisdiction: string): Desk {
  const found = desks.get(jurisdiction) ?? {
    last: Promise.resolve(),
    held: undefined,
    idle: undefined,
  };
  desks.set(jurisdiction, found);
  return found;
}
