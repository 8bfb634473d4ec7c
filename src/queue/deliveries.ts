import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { type DeliveryContext, deliverChannel, nextDelivery } from "../alert/deliver.ts";
import { audienceOfAlerts, escalateTo } from "../alert/escalate-to.ts";
import { escalateOverdue } from "../alert/life-cycle.ts";
import type { Config } from "../config.ts";
import type { AtDatabase } from "../outbox.ts";
import { tellPresent } from "../present.ts";
import { nextResult, pushResults } from "../record/outbox.ts";
import { listInboxes } from "../record/submit-event.ts";
import { jurisdictionFolder, WORKING_DATABASE } from "../run-context.ts";
import { readChannels } from "../standard/alert-channels.ts";
import type { PipelineDefinition } from "../standard/pipeline-definition.ts";
import { readPlatform } from "../standard/platform-file.ts";
import { readWarnings } from "../standard/warning-definition.ts";
import { findPipeline, listPipelines } from "../standard/workspace.ts";
import { waitUntilShown } from "./civil-time.ts";
import { takeLease } from "./lease.ts";
import type { Queues } from "./queues.ts";
import type { Writer } from "./writer.ts";

/** A delivery: all that is due in one channel of one jurisdiction's alerts, or its results for the credit platform. */
export interface DeliveryData {
  readonly pipeline: string;
  readonly jurisdiction: string;
  readonly channel: string | typeof PLATFORM;
}

/** Stands where a channel does; no channel can be called so. */
const PLATFORM = "@platform";

/** How often each channel is looked after, whatever runs there are: digests, quiet hours, deadlines that pass. */
const LOOK_AFTER_MS = 600_000;
const NAME = "deliver";
const KEPT = {
  removeOnComplete: true,
  removeOnFail: 100,
  attempts: 5,
  backoff: { type: "exponential", delay: 2000, jitter: 0.5 },
} as const;

/**
 * Adds a delivery for each channel of a pipeline's alerts and for its results.
 * @param occasion names what it is for: the same occasion is added once
 */
export async function addDeliveries(
  config: Config,
  queues: Queues,
  pipeline: PipelineDefinition,
  occasion: string,
): Promise<void> {
  for (const data of listDeliveries(config, pipeline)) {
    await queues.deliver.add(NAME, data, { ...KEPT, jobId: `${idOf(data)}.${occasion}` });
  }
}

/** Makes every channel and platform be looked after from time to time, and none that is gone. */
export async function reviewDeliveries(config: Config, queues: Queues): Promise<void> {
  const wanted = new Map<string, DeliveryData>();
  for (const name of listPipelines(config.workspace)) {
    const pipeline = findPipeline(config.workspace, name);
    // Opening a database that no run has made yet would make it.
    if (!existsSync(join(jurisdictionFolder(config, pipeline), WORKING_DATABASE))) continue;
    for (const data of listDeliveries(config, pipeline)) wanted.set(idOf(data), data);
  }
  const held = new Set((await queues.deliver.getJobSchedulers()).map(({ key }) => key));
  for (const key of held) if (!wanted.has(key)) await queues.deliver.removeJobScheduler(key);
  for (const [id, data] of wanted) {
    if (held.has(id)) continue;
    await queues.deliver.upsertJobScheduler(
      id,
      { every: LOOK_AFTER_MS },
      { name: NAME, data, opts: KEPT },
    );
  }
}

/**
 * Sends what is due in one channel or to the platform, without holding the database while it sends. Should messages wait for later,
 * as after a failure, a delivery for then is added.
 */
export async function deliver(desk: DeliveryDesk, data: DeliveryData): Promise<void> {
  const { config, queues, redis, writer, log } = desk;
  const pipeline = findPipeline(config.workspace, data.pipeline);
  const { now, seconds } = tellPresent(pipeline.time_zone, desk.clock?.());
  // Results are of what is known now, alerts of what was raised by then.
  const request = { pipeline: data.pipeline, log, ...(data.channel === PLATFORM && { asOf: now }) };
  const atDatabase: AtDatabase = (work) =>
    writer.write(data.jurisdiction, request, ({ store }) => work(store));
  // Two deliveries to one receiver at once would send the same messages twice.
  const key = `${config.queuePrefix}:deliver:${data.jurisdiction}:${data.channel}`;
  const turn = await takeLease(redis, key, config.stallSeconds * 1000, () => undefined);
  try {
    const dataDir = jurisdictionFolder(config, pipeline);
    const context = { atDatabase, dataDir, now, seconds };
    const sent =
      data.channel === PLATFORM
        ? await deliverResults(config, pipeline, context)
        : await deliverAlerts(config, pipeline, context, data.channel);
    if (sent.sent + sent.failed > 0) log.info({ ...data, ...sent }, "delivered");
    if (sent.error) {
      log.warn({ ...data, refused: sent.refused, reason: sent.error }, "not everything was taken");
    }
    if (sent.next) await addLater(queues, data, sent.next, pipeline.time_zone, seconds);
  } finally {
    await turn.release();
  }
}

interface Sent {
  readonly sent: number;
  readonly failed: number;
  readonly refused: number;
  /** Why the first of them failed. */
  readonly error: string | null;
  /** When what waits may go out; civil time. */
  readonly next?: string | undefined;
}

type SendingContext = Pick<DeliveryContext, "atDatabase" | "dataDir" | "now" | "seconds">;

/** Escalates what is overdue and sends what is due in one channel. */
async function deliverAlerts(
  { workspace, alertChannels }: Config,
  pipeline: PipelineDefinition,
  context: SendingContext,
  id: string,
): Promise<Sent> {
  const channels = readChannels(alertChannels ?? "");
  const channel = channels.channels.find((one) => one.id === id);
  if (!channel) return { sent: 0, failed: 0, refused: 0, error: null };
  const { atDatabase, now } = context;
  const warnings = (pipeline.warnings ?? []).map((name) => readWarnings(workspace, name));
  await atDatabase((store) => escalateOverdue(store, now, escalateTo(warnings), pipeline.pipeline));
  const { sent, failed, refused, failures } = await deliverChannel(
    { ...context, channels, audienceOf: audienceOfAlerts(warnings) },
    channel,
  );
  const next = await atDatabase((store) => nextDelivery(store, id));
  return { sent, failed, refused, error: failures[0]?.error ?? null, next };
}

/** Queues the results of decisions and sends those that are due. */
async function deliverResults(
  { workspace, platform }: Config,
  pipeline: PipelineDefinition,
  context: SendingContext,
): Promise<Sent> {
  const { sent, failed, refused, error } = await pushResults({
    ...context,
    sources: listInboxes(workspace, pipeline),
    platform: readPlatform(platform ?? ""),
  });
  return { sent, failed, refused, error, next: await context.atDatabase(nextResult) };
}

export interface DeliveryDesk {
  readonly config: Config;
  readonly queues: Queues;
  readonly redis: Redis;
  readonly writer: Writer;
  readonly log: Logger;
  /** The present, for tests; else the machine's. */
  readonly clock?: () => Date;
}

async function addLater(
  queues: Queues,
  data: DeliveryData,
  next: string,
  timeZone: string,
  seconds: number,
) {
  await queues.deliver.add(NAME, data, {
    ...KEPT,
    jobId: `${idOf(data)}.${next.replace(/\D/g, "")}`,
    delay: waitUntilShown(next, seconds * 1000, timeZone),
  });
}

function listDeliveries(
  { workspace, alertChannels }: Config,
  definition: PipelineDefinition,
): DeliveryData[] {
  const { pipeline, jurisdiction, warnings = [] } = definition;
  const channels =
    warnings.length === 0 ? [] : readChannels(alertChannels ?? "").channels.map(({ id }) => id);
  if (listInboxes(workspace, definition).length > 0) channels.push(PLATFORM);
  return channels.map((channel) => ({ pipeline, jurisdiction, channel }));
}

function idOf({ pipeline, jurisdiction, channel }: DeliveryData): string {
  // Pipelines of one jurisdiction share its alerts, but each has inboxes of its own.
  return channel === PLATFORM
    ? `${jurisdiction}.${pipeline}.${channel}`
    : `${jurisdiction}.${channel}`;
}
