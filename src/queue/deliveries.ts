import { existsSync } from "node:fs";
import { join } from "node:path";
import { TZDate } from "@date-fns/tz";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { deliverChannel, nextDelivery } from "../alert/deliver.ts";
import { escalateTo } from "../alert/escalate-to.ts";
import { escalateOverdue } from "../alert/life-cycle.ts";
import type { Config } from "../config.ts";
import { tellPresent } from "../present.ts";
import { jurisdictionFolder, WORKING_DATABASE } from "../run-context.ts";
import { readChannels } from "../standard/alert-channels.ts";
import type { PipelineDefinition } from "../standard/pipeline-definition.ts";
import { readWarnings } from "../standard/warning-definition.ts";
import { findPipeline, listPipelines } from "../standard/workspace.ts";
import type { Store } from "../store/store.ts";
import { takeLease } from "./lease.ts";
import type { Queues } from "./queues.ts";
import type { Writer } from "./writer.ts";

/** A delivery: all that is due in one channel of one jurisdiction's alerts. */
export interface DeliveryData {
  readonly pipeline: string;
  readonly jurisdiction: string;
  readonly channel: string;
}

/** How often each channel is looked after, whatever runs there are: digests, quiet hours, deadlines that pass. */
const LOOK_AFTER_MS = 600_000;
const NAME = "deliver";
const KEPT = {
  ...{ removeOnComplete: true, removeOnFail: 100, attempts: 5 },
  backoff: { type: "exponential", delay: 2000, jitter: 0.5 },
} as const;

/**
 * Adds a delivery for each channel of a pipeline's alerts.
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

/** Makes every channel be looked after from time to time, and none that is gone. */
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
 * Escalates what is overdue and sends what is due in one channel, without holding the database while it sends. Should
 * messages wait for later, as after a failure, a delivery for then is added.
 */
export async function deliver(
  { config, queues, redis, writer, log }: DeliveryDesk,
  data: DeliveryData,
): Promise<void> {
  const pipeline = findPipeline(config.workspace, data.pipeline);
  const channels = readChannels(config.alertChannels ?? "");
  const channel = channels.channels.find(({ id }) => id === data.channel);
  if (!channel) return;
  const { now, seconds } = tellPresent(pipeline.time_zone);
  const atDatabase = <T>(work: (store: Store) => Promise<T>) =>
    writer.write(data.jurisdiction, { pipeline: data.pipeline, log }, ({ store }) => work(store));
  const warnings = (pipeline.warnings ?? []).map((id) => readWarnings(config.workspace, id));
  // Two deliveries of one channel at once would send the same messages twice.
  const key = `${config.queuePrefix}:deliver:${data.jurisdiction}:${data.channel}`;
  const turn = await takeLease(redis, key, config.stallSeconds * 1000, () => undefined);
  try {
    await atDatabase((store) => escalateOverdue(store, now, escalateTo(warnings)));
    const outcome = await deliverChannel(
      {
        ...{ atDatabase, channels, now, seconds },
        dataDir: jurisdictionFolder(config, pipeline),
      },
      channel,
    );
    if (outcome.sent + outcome.failed > 0) log.info({ ...data, ...outcome }, "alerts delivered");
    const next = await atDatabase((store) => nextDelivery(store, channel.id));
    if (next) await addLater(queues, data, next, pipeline.time_zone, seconds);
  } finally {
    await turn.release();
  }
}

export interface DeliveryDesk {
  readonly config: Config;
  readonly queues: Queues;
  readonly redis: Redis;
  readonly writer: Writer;
  readonly log: Logger;
}

async function addLater(
  queues: Queues,
  data: DeliveryData,
  next: string,
  timeZone: string,
  seconds: number,
) {
  const at = new TZDate(next.replace(" ", "T"), timeZone);
  await queues.deliver.add(NAME, data, {
    ...KEPT,
    jobId: `${idOf(data)}.${next.replace(/\D/g, "")}`,
    delay: Math.max(0, at.getTime() - seconds * 1000),
  });
}

function listDeliveries(
  { alertChannels }: Config,
  { pipeline, jurisdiction, warnings = [] }: PipelineDefinition,
): DeliveryData[] {
  if (warnings.length === 0) return [];
  return readChannels(alertChannels ?? "").channels.map(({ id }) => ({
    ...{ pipeline, jurisdiction, channel: id },
  }));
}

function idOf({ jurisdiction, channel }: DeliveryData): string {
  return `${jurisdiction}.${channel}`;
}
