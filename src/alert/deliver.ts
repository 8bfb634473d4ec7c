import { join } from "node:path";
import {
  ANSWER_TIMEOUT_MS,
  type AtDatabase,
  emptyOutbox,
  nextInOutbox,
  type Outbox,
} from "../outbox.ts";
import {
  type AlertChannel,
  audienceOfChannel,
  type ChannelFile,
} from "../standard/alert-channels.ts";
import { type Audience, isWithin } from "../standard/audience.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";
import { postToDingtalk, postToWecom, postWebhook } from "./channels/post-message.ts";
import { sendEmail } from "./channels/send-email.ts";
import { writeDeliveryFile } from "./channels/write-file.ts";
import { digest } from "./life-cycle.ts";
import type { AlertMessage, Delivery } from "./message.ts";
import { leaveQuietHours, nextTimeOfDay } from "./quiet-hours.ts";

const sql = sqlFile(import.meta.dirname, "alert.sql");

const SEVERITY = ["yellow", "orange", "red"];
/** Messages of alerts. */
const OUTBOX: Outbox = { table: "warn.outbox", attempts: 12 };

export interface DeliveryContext {
  readonly atDatabase: AtDatabase;
  /** Folder of the jurisdiction below DATA_DIR. */
  readonly dataDir: string;
  readonly channels: ChannelFile;
  /** For whom the alerts of a file of warnings are. */
  readonly audienceOf: (warnings: string) => Audience;
  /** Civil time in the jurisdiction's zone. */
  readonly now: string;
  /** The same moment as seconds since 1970, for signatures. */
  readonly seconds: number;
  readonly timeout?: number;
}

export interface DeliveryOutcome {
  readonly queued: number;
  readonly sent: number;
  readonly failed: number;
  readonly failures: readonly { readonly channel: string; readonly error: string }[];
}

/**
 * Queues what has happened and sends what is due, each channel for itself: one that is dead delays nothing but its own
 * messages, which are tried again with doubling waits. A message goes out at least once; should the program stop between
 * sending and noting it, it goes out again under the same key. To be called by a job or a command as often as wanted.
 */
export async function deliverAlerts(context: DeliveryContext): Promise<DeliveryOutcome> {
  const outcomes: DeliveryOutcome[] = [];
  // Sending waits on the network; the database is asked by one after the other.
  for (const channel of context.channels.channels)
    outcomes.push(await deliverChannel(context, channel));
  return {
    queued: outcomes.reduce((sum, one) => sum + one.queued, 0),
    sent: outcomes.reduce((sum, one) => sum + one.sent, 0),
    failed: outcomes.reduce((sum, one) => sum + one.failed, 0),
    failures: outcomes.flatMap(({ failures }) => failures),
  };
}

/** Puts every event that a channel should carry and does not yet into its outbox. */
async function queueMessages(
  store: Store,
  { channels, now, audienceOf }: DeliveryContext,
  channel: AlertChannel,
): Promise<number> {
  let queued = 0;
  const events = await store.rows<{
    event_id: string;
    alert_id: string;
    warnings_id: string;
    level: string;
    owner: string;
  }>(sql("events-to-queue"), { now, channel: channel.id });
  for (const { event_id, alert_id, warnings_id, level, owner } of events) {
    if (!isWithin(audienceOf(warnings_id), audienceOfChannel(channel))) continue;
    if (!carries(channel, level, owner)) continue;
    const free = leaveQuietHours(now, level, channels.quiet_hours);
    await store.run(sql("queue-message"), {
      message_id: digest(event_id, channel.id),
      channel: channel.id,
      event_id,
      alert_id,
      now,
      not_before: channel.digest ? nextTimeOfDay(free, channel.digest) : free,
      digest: channel.digest !== undefined,
    });
    queued++;
  }
  return queued;
}

function carries(channel: AlertChannel, level: string, owner: string): boolean {
  if (SEVERITY.indexOf(level) < SEVERITY.indexOf(channel.at_least)) return false;
  return channel.owners === undefined || channel.owners.includes(owner);
}

/**
 * The same for one channel. What is due goes out as one message where the channel has a digest, else one by one until
 * the first failure.
 */
export async function deliverChannel(
  context: DeliveryContext,
  channel: AlertChannel,
): Promise<DeliveryOutcome> {
  const { atDatabase, now } = context;
  const { queued, due } = await atDatabase(async (store) => ({
    queued: await queueMessages(store, context, channel),
    due: await store.rows<AlertMessage>(sql("due-messages"), { channel: channel.id, now }),
  }));
  const deliveries: Delivery[] = channel.digest
    ? due.length > 0
      ? [{ key: digest(...due.map(({ message_id }) => message_id)), messages: due }]
      : []
    : due.map((message) => ({ key: message.message_id, messages: [message] }));
  const { sent, failed, error } = await emptyOutbox(
    OUTBOX,
    { atDatabase, now },
    deliveries.map((delivery) => ({
      messages: delivery.messages,
      send: () => send(context, channel, delivery),
    })),
  );
  const failures = error === null ? [] : [{ channel: channel.id, error }];
  return { queued, sent, failed, failures };
}

/** When the next waiting message of a channel may go out; undefined when none waits. Civil time. */
export function nextDelivery(store: Store, channel: string): Promise<string | undefined> {
  return nextInOutbox(store, OUTBOX, channel);
}

async function send(
  context: DeliveryContext,
  channel: AlertChannel,
  delivery: Delivery,
): Promise<void> {
  const timeout = context.timeout ?? ANSWER_TIMEOUT_MS;
  switch (channel.kind) {
    case "file":
      return writeDeliveryFile(join(context.dataDir, channel.folder), delivery);
    case "email":
      return sendEmail(channel, delivery, timeout);
    case "webhook":
      return postWebhook(channel, delivery, context.seconds, timeout);
    case "wecom":
      return postToWecom(channel, delivery, timeout);
    case "dingtalk":
      return postToDingtalk(channel, delivery, context.seconds, timeout);
  }
}
