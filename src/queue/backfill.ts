import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import type { Config } from "../config.ts";
import { askRun, listPeriods } from "../run-question.ts";
import { findPipeline } from "../standard/workspace.ts";
import { dropEntry, listEntries, readEntry, writeEntry } from "./ledger.ts";
import type { Queues } from "./queues.ts";
import { addRun, deadStage, type QueuedRun, type RunState, rootId, runState } from "./run-jobs.ts";

/** Periods to be computed one after the other, as it is kept in Redis until they are. */
export interface Backfill {
  readonly id: string;
  readonly pipeline: string;
  readonly periods: readonly string[];
  readonly asOf: string;
  readonly version: string;
  /** How many of its runs may be under way at once. */
  readonly concurrency: number;
}

interface Definition extends Backfill {
  readonly definition: QueuedRun["pipeline"];
}

const keyOf = (queues: Queues) => `${queues.prefix}:backfills`;

/**
 * Asks for every period of a span, in order. Asked again, it goes on where it was: what is done stays, what has died
 * is tried again.
 * @throws Error in a sentence when a period is none, or lies after the as-of time
 */
export async function startBackfill(
  config: Config,
  queues: Queues,
  redis: Redis,
  log: Logger,
  asked: {
    readonly pipeline: string;
    readonly from: string;
    readonly to: string;
    readonly asOf?: string | undefined;
    readonly concurrency: number;
    readonly force?: boolean | undefined;
  },
): Promise<Backfill> {
  const periods = listPeriods(asked.from, asked.to);
  const { pipeline, asOf, inputVersion } = askRun(config, {
    pipeline: asked.pipeline,
    period: asked.to,
    ...(asked.asOf && { asOf: asked.asOf }),
  });
  const version = asked.force ? `${inputVersion}-${Date.now().toString(36)}` : inputVersion;
  const backfill: Backfill = {
    id: createHash("sha256")
      .update([pipeline.pipeline, ...periods, version].join("\n"))
      .digest("hex")
      .slice(0, 12),
    pipeline: pipeline.pipeline,
    periods,
    asOf,
    version,
    concurrency: asked.concurrency,
  };
  for (const run of runsOf({ ...backfill, definition: pipeline })) {
    await (await deadStage(queues, run))?.retry("failed", RESET);
  }
  await redis.hset(keyOf(queues), backfill.id, JSON.stringify(backfill));
  writeEntry(queues.ledger, "backfills", backfill.id, backfill);
  await advance(queues, redis, { ...backfill, definition: pipeline }, log);
  return backfill;
}

const RESET = { resetAttemptsMade: true, resetAttemptsStarted: true } as const;

/** Adds the next runs of every back-fill under way, as far as their concurrency allows; drops those that are through. */
export async function advanceBackfills(queues: Queues, redis: Redis, log: Logger): Promise<void> {
  try {
    for (const backfill of await listBackfills(queues, redis)) {
      await advance(queues, redis, define(queues, backfill), log);
    }
  } catch (error) {
    log.warn({ reason: (error as Error).message }, "a back-fill could not be carried on");
  }
}

/** The back-fills under way. */
export async function listBackfills(queues: Queues, redis: Redis): Promise<Backfill[]> {
  return Object.values(await redis.hgetall(keyOf(queues))).map((text) => JSON.parse(text));
}

/** How many periods of a back-fill are in which state. */
export async function describeBackfill(
  queues: Queues,
  backfill: Backfill,
): Promise<Record<RunState, number>> {
  const counts = { absent: 0, running: 0, done: 0, dead: 0 };
  for (const run of runsOf(define(queues, backfill))) counts[await runState(queues, run)] += 1;
  return counts;
}

async function advance(
  queues: Queues,
  redis: Redis,
  backfill: Definition,
  log: Logger,
): Promise<void> {
  let running = 0;
  for (const run of runsOf(backfill)) {
    const state = await runState(queues, run);
    if (state === "done") noteDone(queues, backfill, run.period);
    if (state === "absent") {
      await addRun(queues, run);
      log.info({ backfill: backfill.id, period: run.period }, "period added");
    }
    if (state === "absent" || state === "running") running += 1;
    if (running >= backfill.concurrency) return;
  }
  if (running > 0) return;
  await redis.hdel(keyOf(queues), backfill.id);
  dropEntry(queues.ledger, "backfills", backfill.id);
}

/** Takes a period that is through off the ledger's list, so that it is not done again should Redis lose its data. */
function noteDone({ ledger }: Queues, { id }: Backfill, period: string): void {
  const noted = readEntry<Backfill>(ledger, "backfills", id);
  if (!noted?.periods.includes(period)) return;
  const periods = noted.periods.filter((one) => one !== period);
  writeEntry(ledger, "backfills", id, { ...noted, periods });
}

/** Takes up again the back-fills that Redis has lost, with those of their periods that were not through. */
export async function restoreBackfills(queues: Queues, redis: Redis, log: Logger): Promise<void> {
  const held = new Set(await redis.hkeys(keyOf(queues)));
  for (const { id, value } of listEntries<Backfill>(queues.ledger, "backfills")) {
    if (held.has(id)) continue;
    await redis.hset(keyOf(queues), id, JSON.stringify(value));
    log.warn(
      { backfill: id, periods: value.periods.length },
      "a back-fill that Redis lost goes on",
    );
  }
}

/** The ids of the jobs that end a back-fill's runs. */
export function runIds(queues: Queues, backfill: Backfill): string[] {
  return runsOf(define(queues, backfill)).map(rootId);
}

/** Has no back-fill add a run again that somebody has taken out. */
export async function takeOutOfBackfills(queues: Queues, redis: Redis, run: string): Promise<void> {
  for (const backfill of await listBackfills(queues, redis)) {
    const definition = define(queues, backfill);
    const periods = backfill.periods.filter(
      (period) => !runsOf({ ...definition, periods: [period] }).some((one) => rootId(one) === run),
    );
    if (periods.length === backfill.periods.length) continue;
    await redis.hset(keyOf(queues), backfill.id, JSON.stringify({ ...backfill, periods }));
    writeEntry(queues.ledger, "backfills", backfill.id, { ...backfill, periods });
  }
}

function runsOf({ periods, asOf, version, definition }: Definition): QueuedRun[] {
  return periods.map((period) => ({ pipeline: definition, period, asOf, version }));
}

function define({ workspace }: Queues, backfill: Backfill): Definition {
  return { ...backfill, definition: findPipeline(workspace, backfill.pipeline) };
}
