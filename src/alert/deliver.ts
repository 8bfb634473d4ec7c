import { join } from "node:path";
import {
  ANSWER_TIMEOUT_MS,
  type AtDatabase,
  emptyOutbox,
  nextInOutbox,
  type Outbox,
  sendAgain,
} from "../outbox.ts";
import {
  type AlertChannel,
  audienceOfChannel,
  type ChannelFile,
} from "../standard/alert-channels.ts";
import { type Audience, isWithin } from "../standard/audience.ts";
import { sqlFile } from "../store/sql-file.ts";
import type { Store } from "../store/store.ts";
import {
  postToDingtalk,
  postToFeishu,
  postToWecom,
  postWebhook,
  ROBOT_BYTES,
} from "./channels/post-message.ts";
import { sendEmail } from "./channels/send-email.ts";
import { writeDeliveryFile } from "./channels/write-file.ts";
import { digest } from "./life-cycle.ts";
import { type AlertMessage, type Delivery, splitDigest } from "./message.ts";
import { leaveQuietHours, nextTimeOfDay } from "./quiet-hours.ts";

const sql = sqlFile(import.meta.dirname, "alert.sql");

/** Before all that can have happened. */
const EVER = "1970-01-01 00:00:00";

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
  /** Of the failed ones those that a receiver refused for good: they are set aside. */
  readonly refused: number;
  readonly failures: readonly { readonly channel: string; readonly error: string }[];
}

/**
 * Queues what has happened and sends what is due, each channel for itself: one that is dead delays nothing but its own
 * messages, which are tried again with doubling waits. A message goes out at least once; should the program stop between
 * sending and noting it, it goes out again under the same key and with the same content, a digest too. To be called by a job or a command as often as wanted.
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
    refused: outcomes.reduce((sum, one) => sum + one.refused, 0),
    failures: outcomes.flatMap(({ failures }) => failures),
  };
}

/**
 * From when on a channel that is served for the first time carries what happens: as it says itself, else from now on; the channels
 * there are at first carry everything.
 * @returns ids of the events it leaves out; none once it has been served
 */
async function beginChannel(
  store: Store,
  { now, channels }: DeliveryContext,
  { id, since }: AlertChannel,
): Promise<ReadonlySet<string>> {
  if ((await store.row(sql("any-served"))) === undefined) {
    for (const one of channels.channels) {
      await store.run(sql("serve"), { channel: one.id, begins: one.since ?? EVER });
    }
  } else if ((await store.row(sql("is-served"), { channel: id })) === undefined) {
    await store.run(sql("serve"), { channel: id, begins: since ?? now });
  }
  // Once something of it is in the outbox, or nothing was left out, all that happens is new.
  const served = await store.row<{ begins: string; begun: boolean }>(sql("begins"), {
    channel: id,
  });
  const begins = served?.begins ?? now;
  if (served?.begun || begins === EVER) return new Set();
  await store.run(sql("begun"), { channel: id });
  const events = await store.rows<{ event_id: string; occurred_at: string }>(sql("event-times"));
  return new Set(
    events.filter(({ occurred_at }) => occurred_at < begins).map(({ event_id }) => event_id),
  );
}

/** Puts every event that a channel should carry and does not yet into its outbox. */
async function queueMessages(
  store: Store,
  context: DeliveryContext,
  channel: AlertChannel,
): Promise<number> {
  const { channels, now, audienceOf } = context;
  const before = await beginChannel(store, context, channel);
  let queued = 0;
  const events = await store.rows<{
    event_id: string;
    alert_id: string;
    warnings_id: string;
    entity_id: string;
    level: string;
    owner: string;
  }>(sql("events-to-queue"), { now, channel: channel.id });
  for (const { event_id, alert_id, warnings_id, entity_id, level, owner } of events) {
    if (!isWithin(audienceOf(warnings_id), audienceOfChannel(channel))) continue;
    if (!carries(channel, { level, owner, entity_id })) continue;
    const free = leaveQuietHours(now, level, channels.quiet_hours);
    await store.run(sql("queue-message"), {
      message_id: digest(event_id, channel.id),
      channel: channel.id,
      event_id,
      alert_id,
      now,
      not_before: channel.digest ? nextTimeOfDay(free, channel.digest) : free,
      digest: channel.digest !== undefined,
      state: before.has(event_id) ? "before" : "queued",
    });
    if (!before.has(event_id)) queued++;
  }
  return queued;
}

/**
 * Settles what goes out together and what it says, of all that is due and was not settled before: whatever happens until it is
 * through, a later try is of the same messages in the same words.
 */
async function settleDeliveries(
  store: Store,
  now: string,
  { id, kind, digest: daily }: AlertChannel,
): Promise<void> {
  const due = await store.rows<AlertMessage>(sql("unsettled-messages"), { channel: id, now });
  const most = kind in ROBOT_BYTES ? ROBOT_BYTES[kind as keyof typeof ROBOT_BYTES] : undefined;
  for (const messages of daily ? splitDigest(due, most) : due.map((message) => [message])) {
    const ids = messages.map(({ message_id }) => message_id);
    const delivery = daily ? digest(...ids) : (ids[0] as string);
    for (const message of messages) {
      const content = JSON.stringify(message);
      await store.run(sql("settle-delivery"), {
        message_id: message.message_id,
        delivery,
        content,
      });
    }
  }
}

/** What was settled and is due. */
async function readDeliveries(store: Store, now: string, { id }: AlertChannel) {
  const rows = await store.rows<{
    delivery: string;
    message_id: string;
    attempts: number;
    content: string;
  }>(sql("due-deliveries"), { channel: id, now });
  const deliveries = new Map<string, typeof rows>();
  for (const row of rows)
    deliveries.set(row.delivery, [...(deliveries.get(row.delivery) ?? []), row]);
  return [...deliveries].map(([key, messages]) => ({
    messages,
    delivery: { key, messages: messages.map(({ content }) => JSON.parse(content) as AlertMessage) },
  }));
}

function carries(
  channel: AlertChannel,
  { level, owner, entity_id }: { level: string; owner: string; entity_id: string },
): boolean {
  if (channel.body !== undefined && channel.body !== entity_id) return false;
  if (SEVERITY.indexOf(level) < SEVERITY.indexOf(channel.at_least)) return false;
  return channel.owners === undefined || channel.owners.includes(owner);
}

/**
 * The same for one channel. What is due goes out as one message where the channel has a digest (as several, where its receiver
 * takes no message as long), else one by one until the first failure.
 */
export async function deliverChannel(
  context: DeliveryContext,
  channel: AlertChannel,
): Promise<DeliveryOutcome> {
  const { atDatabase, now } = context;
  const { queued, due } = await atDatabase((store) =>
    store.transaction(async () => {
      const count = await queueMessages(store, context, channel);
      await settleDeliveries(store, now, channel);
      return { queued: count, due: await readDeliveries(store, now, channel) };
    }),
  );
  const { sent, failed, refused, error } = await emptyOutbox(
    OUTBOX,
    { atDatabase, now },
    due.map(({ messages, delivery }) => ({
      messages,
      send: () => send(context, channel, delivery),
    })),
  );
  const failures = error === null ? [] : [{ channel: channel.id, error }];
  return { queued, sent, failed, refused, failures };
}

/** Puts back what channels refused or was given up, to go out anew. @returns how many messages */
export function deliverAgain(store: Store, now: string): Promise<number> {
  return sendAgain(store, OUTBOX, now);
}

/** When the next waiting message of a channel may go out; undefined when none waits. Civil time. */
export function nextDelivery(store: Store, channel: string): Promise<string | undefined> {
  return nextInOutbox(store, OUTBOX, channel);
}

async function send(
  context: DeliveryContext,
  channel: AlertChannel,
  delivery: Delivery,
): Promise<string | undefined> {
  const timeout = context.timeout ?? ANSWER_TIMEOUT_MS;
  switch (channel.kind) {
    case "file":
      writeDeliveryFile(join(context.dataDir, channel.folder), delivery);
      return undefined;
    case "email":
      return sendEmail(channel, delivery, timeout);
    case "webhook":
      await postWebhook(channel, delivery, context.seconds, timeout);
      return undefined;
    case "wecom":
      await postToWecom(channel, delivery, timeout);
      return undefined;
    case "dingtalk":
      await postToDingtalk(channel, delivery, context.seconds, timeout);
      return undefined;
    case "feishu":
      await postToFeishu(channel, delivery, context.seconds, timeout);
      return undefined;
  }
}
