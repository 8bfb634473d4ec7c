import { sqlFile } from "./store/sql-file.ts";
import type { Store } from "./store/store.ts";

const sql = sqlFile(import.meta.dirname, "outbox.sql");

/** A receiver that does not answer for so long is taken for dead, and tried again later. */
export const ANSWER_TIMEOUT_MS = 10_000;
/** The wait after the first failure, doubled with each, and the longest, in minutes. */
const FIRST_WAIT = 1;
const LONGEST_WAIT = 360;

/** A table of messages that wait: what alerts say, and results of decisions. */
export interface Outbox {
  readonly table: "warn.outbox" | "record.outbox";
  /** After so many failures a message is given up. */
  readonly attempts: number;
}

/** A turn at the database, which is free for others while a message is on its way. */
export type AtDatabase = <T>(work: (store: Store) => Promise<T>) => Promise<T>;

/** What goes out at once: one message, or several as a digest. */
export interface Sending {
  readonly messages: readonly { readonly message_id: string; readonly attempts: number }[];
  /** @returns what is to be told though it was taken */
  send(): Promise<string | undefined>;
}

export interface Emptied {
  /** Messages that were taken, those that wait again or are given up, and of these the ones refused for good. */
  readonly sent: number;
  readonly failed: number;
  readonly refused: number;
  /** Why the first of them failed. */
  readonly error: string | null;
}

/** The receiver is there and will not have this very message, now or later; others it may take. */
export class MessageRefused extends Error {}

/**
 * Sends what is due to one receiver, in turn, and notes of each what became of it before the next one goes out. One that fails is tried
 * again under the same key with doubling waits; those behind it wait as long, since they would fail as well. One that the receiver
 * refuses for good is set aside, and the next one goes out; of several that go out as one each is then tried by itself. Should the program stop between sending and noting it, the message goes out again under its key.
 */
export async function emptyOutbox(
  { table, attempts: most }: Outbox,
  { atDatabase, now }: { readonly atDatabase: AtDatabase; readonly now: string },
  sendings: readonly Sending[],
): Promise<Emptied> {
  let sent = 0;
  let failed = 0;
  let refused = 0;
  let error: string | null = null;
  for (const [at, sending] of sendings.entries()) {
    let remark: string | undefined;
    try {
      remark = await sending.send();
    } catch (problem) {
      const reason = tellCause(problem).slice(0, LONGEST_CAUSE);
      error ??= reason;
      failed += sending.messages.length;
      if (problem instanceof MessageRefused) {
        const apart = sending.messages.length > 1;
        if (!apart) refused += 1;
        await atDatabase(async (store) => {
          for (const { message_id } of sending.messages) {
            if (apart) await store.run(sql("part", { table }), { message_id, now, error: reason });
            else await store.run(sql("set-aside", { table }), { message_id, error: reason });
          }
        });
        continue;
      }
      const behind = sendings.slice(at + 1);
      const tries = Math.max(...sending.messages.map(({ attempts }) => attempts));
      const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** tries);
      await atDatabase(async (store) => {
        for (const { message_id, attempts } of sending.messages) {
          const state = attempts + 1 >= most ? "failed" : "queued";
          await store.run(sql("note-failure", { table }), {
            message_id,
            state,
            wait,
            now,
            error: reason,
          });
        }
        for (const { message_id } of behind.flatMap(({ messages }) => messages)) {
          failed += 1;
          await store.run(sql("hold-back", { table }), { message_id, wait, now });
        }
      });
      break;
    }
    await atDatabase(async (store) => {
      for (const { message_id } of sending.messages)
        await store.run(sql("note-sent", { table }), { message_id, now, remark: remark ?? null });
    });
    error ??= remark ?? null;
    sent += sending.messages.length;
  }
  return { sent, failed, refused, error };
}

const LONGEST_CAUSE = 500;

/** What went wrong with what was behind it: that a fetch failed is no cause by itself. */
export function tellCause(problem: unknown): string {
  if (!(problem instanceof Error)) return String(problem);
  const { cause } = problem;
  const inner = cause instanceof AggregateError ? cause.errors[0] : cause;
  const named = problem.message || (problem as NodeJS.ErrnoException).code || problem.name;
  return inner === undefined ? named : `${named}: ${tellCause(inner)}`;
}

/** Puts back what was refused or given up, to be tried anew. @returns how many messages */
export async function sendAgain(store: Store, { table }: Outbox, now: string): Promise<number> {
  const rows = await store.rows(sql("again", { table }), { now });
  return rows.length;
}

/** When the next waiting message may go out; undefined when none waits. Civil time. */
export async function nextInOutbox(
  store: Store,
  { table }: Outbox,
  channel?: string,
): Promise<string | undefined> {
  const row = await store.row<{ next: string | null }>(
    // Only alerts know several receivers.
    sql("next", { table, channel: table === "warn.outbox" ? "channel" : "NULL" }),
    { channel: channel ?? null },
  );
  return row?.next ?? undefined;
}
