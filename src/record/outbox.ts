import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { postSigned } from "../alert/channels/post-message.ts";
import type { PlatformFile } from "../standard/platform-file.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";

const sql = sqlFile(import.meta.dirname, "outbox.sql");

/** A platform that does not answer for so long is taken for dead, and tried again later. */
const TIMEOUT_MS = 10_000;
const ATTEMPTS = 20;
/** The wait after the first failure, doubled with each, and the longest, in minutes. */
const FIRST_WAIT = 1;
const LONGEST_WAIT = 360;

export interface PushContext {
  readonly store: Store;
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
  readonly error: string | null;
}

/**
 * Pushes the results of decisions back to the platform. Each is queued once by the number of its event and sent until the platform
 * says that it has it, always with the same Idempotency-Key and the same body: should an answer be lost, the platform knows the
 * key and takes the result once. Without a platform it is laid down as a file under its key.
 */
export async function pushResults(context: PushContext): Promise<PushOutcome> {
  const { store, now, sources } = context;
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
  const due = await store.rows<{ message_id: string; payload: string; attempts: number }>(
    sql("due"),
    { now },
  );
  let sent = 0;
  for (const message of due) {
    try {
      await send(context, message);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      // The others would fail as well; they wait for their turn.
      await store.run(sql("note-failure"), {
        message_id: message.message_id,
        state: message.attempts + 1 >= ATTEMPTS ? "failed" : "queued",
        wait: Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** message.attempts),
        now,
        error: reason.slice(0, 500),
      });
      return { queued: results.length, sent, failed: due.length - sent, error: reason };
    }
    await store.run(sql("note-sent"), { message_id: message.message_id, now });
    sent += 1;
  }
  return { queued: results.length, sent, failed: 0, error: null };
}

interface Result {
  readonly event_source: string;
  readonly event_key: string;
  readonly of_record: string;
  readonly entity_id: string;
}

async function send(
  { platform, dataDir, seconds, timeout = TIMEOUT_MS }: PushContext,
  { message_id, payload }: { readonly message_id: string; readonly payload: string },
): Promise<void> {
  if (platform) {
    const { url, secret_file } = platform;
    await postSigned({ url, secret_file, key: message_id, body: payload }, seconds, timeout);
    return;
  }
  const folder = join(dataDir, "outbox");
  const file = join(folder, `${message_id}.json`);
  if (existsSync(file)) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${file}.part`, `${payload}\n`, { flush: true });
  renameSync(`${file}.part`, file);
}
