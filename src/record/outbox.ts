import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { postSigned } from "../alert/channels/post-message.ts";
import {
  ANSWER_TIMEOUT_MS,
  type AtDatabase,
  emptyOutbox,
  nextInOutbox,
  type Outbox,
  sendAgain,
} from "../outbox.ts";
import type { PlatformFile } from "../standard/platform-file.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";
import { writeWhole } from "../write-whole.ts";

const sql = sqlFile(import.meta.dirname, "outbox.sql");

/** Results of decisions: in a week or so even a platform that is being moved is back. */
const OUTBOX: Outbox = { table: "record.outbox", attempts: 36 };

export interface PushContext {
  readonly atDatabase: AtDatabase;
  /** Folder of the jurisdiction below DATA_DIR. */
  readonly dataDir: string;
  readonly platform: PlatformFile | undefined;
  /** Sources of events that were handled here. */
  readonly sources: readonly string[];
  /** Civil time in the jurisdiction's zone. */
  readonly now: string;
  /** The same moment as seconds since 1970, for the signature. */
  readonly seconds: number;
  readonly timeout?: number;
}

export interface PushOutcome {
  readonly queued: number;
  readonly sent: number;
  readonly failed: number;
  /** Of these the ones that the platform refused for good. */
  readonly refused: number;
  readonly error: string | null;
}

/**
 * Pushes the results of decisions back to the platform. Each is queued once by the number of its event and sent until the platform
 * says that it has it, always with the same Idempotency-Key and the same body: should an answer be lost, the platform knows the
 * key and takes the result once. Without a platform it is laid down as a file under its key.
 */
export async function pushResults(context: PushContext): Promise<PushOutcome> {
  const { atDatabase, now } = context;
  const { queued, due } = await atDatabase(async (store) => ({
    queued: await queueResults(store, context),
    due: await store.rows<Message>(sql("due"), { now }),
  }));
  const emptied = await emptyOutbox(
    OUTBOX,
    { atDatabase, now },
    due.map((message) => ({ messages: [message], send: () => send(context, message) })),
  );
  return { queued, ...emptied };
}

/** Puts back what the platform refused or was given up, to go out anew. @returns how many results */
export function pushAgain(store: Store, now: string): Promise<number> {
  return sendAgain(store, OUTBOX, now);
}

/** When the next waiting result may go out; undefined when none waits. Civil time. */
export function nextResult(store: Store): Promise<string | undefined> {
  return nextInOutbox(store, OUTBOX);
}

/** Puts the results that are in the outbox not yet into it. */
async function queueResults(store: Store, { now, sources }: PushContext): Promise<number> {
  const results = await store.rows<Result>(sql("results-to-queue"), {
    sources: JSON.stringify(sources),
  });
  for (const { event_source, event_key, of_record, entity_id, ...said } of results) {
    await store.run(sql("queue"), {
      message_id: createHash("sha256")
        .update(`${event_source}\n${event_key}`)
        .digest("hex")
        .slice(0, 32),
      event_source,
      event_key,
      of_record,
      entity_id,
      payload: JSON.stringify({ event_id: event_key, record: of_record, entity_id, ...said }),
      now,
    });
  }
  return results.length;
}

interface Message {
  readonly message_id: string;
  readonly payload: string;
  readonly attempts: number;
}

interface Result {
  readonly event_source: string;
  readonly event_key: string;
  readonly of_record: string;
  readonly entity_id: string;
}

async function send(
  { platform, dataDir, seconds, timeout = ANSWER_TIMEOUT_MS }: PushContext,
  { message_id, payload }: Message,
): Promise<undefined> {
  if (platform) {
    const { url, secret_file } = platform;
    await postSigned({ url, secret_file, key: message_id, body: payload }, seconds, timeout);
    return;
  }
  const folder = join(dataDir, "outbox");
  const file = join(folder, `${message_id}.json`);
  if (existsSync(file)) return;
  mkdirSync(folder, { recursive: true });
  writeWhole(`${file}.part`, `${payload}\n`, { flush: true });
  renameSync(`${file}.part`, file);
}
