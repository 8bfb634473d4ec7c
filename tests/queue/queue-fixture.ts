import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { QueueEvents } from "bullmq";
import { pino } from "pino";
import { expect, onTestFinished } from "vitest";
import { type Config, readConfig } from "../../src/config.ts";
import { findPublished } from "../../src/publish/find-published.ts";
import { openQueues, PULL_QUEUE, type Queues, writerQueue } from "../../src/queue/queues.ts";
import { connectRedis, findRedis } from "../../src/queue/redis.ts";
import { addRun, jobId, type QueuedRun, runState } from "../../src/queue/run-jobs.ts";
import { LINE, type StageName } from "../../src/run.ts";
import { askRun } from "../../src/run-question.ts";
import { Store } from "../../src/store/store.ts";
import { readTables } from "../end-to-end/table-contents.ts";
import {
  copyTinyCity,
  makeFolder,
  publishedFolder,
  readPublished,
  runTiny,
  tinyConfig,
  tinyEnvironment,
} from "../end-to-end/tiny-workspace.ts";
import type { TestRedis } from "./test-redis.ts";

const PROGRAM = join(import.meta.dirname, "..", "..", "src", "cli", "zhengxin.js");
export const STAGES = LINE.map(({ stage }) => stage);
export const SILENT_LOG = pino({ level: "silent" });

/** Long enough that a busy machine is not taken for a dead one, short enough to be waited for. */
const STALL_SECONDS = "5";

/** A tiny city of its own with a queue of its own. */
export interface QueueFixture {
  readonly config: Config;
  readonly environment: Record<string, string>;
  readonly queues: Queues;
  readonly redis: ReturnType<typeof connectRedis>;
  /** The question about June 2018 that WORKED.md answers. */
  ask(): QueuedRun;
  add(run?: QueuedRun): Promise<QueuedRun>;
  /** Waits until the run is done. @throws when it dies, or it takes more than ten minutes */
  finish(run: QueuedRun): Promise<void>;
  /** The program in a process of its own. */
  spawn(verb: string, ...parameters: string[]): Running;
  /** Calls back each time a job of this stage becomes active, until the fixture is closed. */
  onActive(stage: StageName, run: QueuedRun, react: () => void): Promise<void>;
  close(): Promise<void>;
}

export interface Running {
  readonly child: ChildProcess;
  /** Standard error so far. */
  readonly log: () => string;
  /** Resolves once it has printed this on standard output, with all it has printed. */
  printed(text: string): Promise<string>;
  kill(signal?: NodeJS.Signals): Promise<number | null>;
}

let count = 0;

/**
 * @param pipeline lines added to the tiny city's pipeline
 * @param prepare changes the workspace before anything reads it
 */
export async function openQueueFixture(
  testRedis: TestRedis,
  {
    pipeline = "",
    dataDir = makeFolder(),
    environment: more = {} as Record<string, string>,
    edit = (text: string) => text,
    prepare = (_workspace: string) => {},
  } = {},
): Promise<QueueFixture> {
  const workspace = copyTinyCity();
  prepare(workspace);
  const file = join(workspace, "pipelines", "tiny.yaml");
  writeFileSync(file, edit(`${readFileSync(file, "utf8")}${pipeline}\n`));
  const environment = {
    ...tinyEnvironment(workspace, dataDir),
    REDIS_URL: testRedis.url,
    ZHENGXIN_QUEUE_PREFIX: `test-${process.pid}-${count++}`,
    ZHENGXIN_STALL_SECONDS: STALL_SECONDS,
    ZHENGXIN_LOG_LEVEL: "info",
    ...more,
  };
  const config = readConfig(environment);
  const place = await findRedis(config, SILENT_LOG);
  const queues = openQueues(config, place.connection, SILENT_LOG);
  const redis = connectRedis(place.connection, SILENT_LOG);
  const closers: (() => Promise<unknown>)[] = [];
  const fixture: QueueFixture = {
    config,
    environment,
    queues,
    redis,
    ask() {
      const { inputVersion, ...question } = askRun(config, { pipeline: "tiny" });
      return { ...question, version: inputVersion };
    },
    async add(run = fixture.ask()) {
      await addRun(queues, run);
      return run;
    },
    async finish(run) {
      const deadline = performance.now() + 600_000;
      for (;;) {
        const state = await runState(queues, run);
        if (state === "done") return;
        if (state === "dead" || performance.now() > deadline) {
          throw new Error(`The run is ${state}: ${await describeJobs(queues)}`);
        }
        await sleep(50);
      }
    },
    spawn(verb, ...parameters) {
      const running = spawnProgram(environment, [verb, ...parameters]);
      closers.push(() => running.kill("SIGKILL"));
      return running;
    },
    async onActive(stage, run, react) {
      const name = stage === "pull" ? PULL_QUEUE : writerQueue(run.pipeline.jurisdiction);
      const events = new QueueEvents(name, {
        connection: { ...queues.connection },
        prefix: queues.prefix,
      });
      events.on("error", () => undefined);
      const id = jobId(stage, run);
      events.on("active", ({ jobId: active }) => {
        if (active === id || active.startsWith(`${id}.`)) react();
      });
      await events.waitUntilReady();
      closers.push(() => events.close());
    },
    async close() {
      for (const close of closers) await close();
      await queues.close();
      redis.disconnect();
      await place.close();
    },
  };
  return fixture;
}

export function spawnProgram(
  environment: Record<string, string>,
  parameters: readonly string[],
  command: readonly string[] = [process.execPath, PROGRAM],
): Running {
  const [program = "", ...before] = command;
  const child = spawn(program, [...before, ...parameters], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let log = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  const ended = once(child, "close");
  // Also when the test fails half-way, no process stays behind.
  onTestFinished(() => void child.kill("SIGKILL"));
  return {
    child,
    log: () => log,
    async printed(text) {
      while (!out.includes(text)) {
        if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}: ${log}`);
        await sleep(20);
      }
      return out;
    },
    async kill(signal = "SIGTERM") {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await ended;
      return child.exitCode;
    },
  };
}

async function describeJobs({ all }: Queues): Promise<string> {
  const counts = await Promise.all(
    all.map(async (queue) => {
      const failed = await queue.getFailed();
      return `${queue.name} ${JSON.stringify(await queue.getJobCounts())} ${failed.map(({ id, failedReason }) => `${id}: ${failedReason}`).join("; ")}`;
    }),
  );
  return counts.join("\n");
}

const SCHEMAS = ["raw", "core", "quarantine", "restricted", "facts", "checks", "scores"];

/**
 * Every row of every layer. Files are named by what they hold and computations by what they compute: their own numbers
 * tell only in which order the files came.
 */
async function readRows(store: Store): Promise<Record<string, string[]>> {
  const files = await store.rows<{ file_id: number; name: string }>(
    "SELECT file_id, source_id || '/' || file_hash AS name FROM raw.file",
  );
  const names = new Map(files.map(({ file_id, name }) => [String(file_id), name]));
  const computed = await store.rows<{ fingerprint: string; name: string }>(
    "SELECT fingerprint, indicator_id || ' ' || period AS name FROM facts.computation",
  );
  const computations = new Map(computed.map(({ fingerprint, name }) => [fingerprint, name]));
  const tables = await readTables(store, SCHEMAS);
  return Object.fromEntries(
    Object.entries(tables).map(([table, rows]) => [
      table,
      rows
        .map((row) =>
          row
            .replace(/"file_id":(\d+)/g, (_, id) => `"file_id":"${names.get(id)}"`)
            .replace(
              /"fingerprint":"(\w+)"/g,
              (_, id) => `"fingerprint":"${computations.get(id)}"`,
            ),
        )
        .sort(),
    ]),
  );
}

/** Compares what a disturbed run left with what the undisturbed one did; of tables that differ, the first rows show. */
export function expectSame(left: Left, undisturbed: Left): void {
  const differing = (a: Record<string, unknown>, b: Record<string, unknown>) =>
    [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
      (name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]),
    );
  expect(differing(left.published, undisturbed.published)).toEqual([]);
  const tables = differing(left.tables, undisturbed.tables).map((table) => {
    const without = (a: Left, b: Left) =>
      a.tables[table]?.filter((row) => !b.tables[table]?.includes(row)).slice(0, 2);
    return { table, lost: without(undisturbed, left), more: without(left, undisturbed) };
  });
  expect(tables).toEqual([]);
  expect(undisturbed.tables["core.complaint"]).toHaveLength(40);
}

/** What is left of a run: the published files, and every row of every layer. */
export interface Left {
  readonly published: Record<string, string>;
  readonly tables: Record<string, string[]>;
}

/** What the run that nobody disturbed leaves, worked out in this process. */
export async function runUndisturbed(workspace?: string): Promise<Left> {
  const result = await runTiny(tinyConfig(workspace ?? copyTinyCity(), makeFolder()));
  try {
    return {
      published: await readPublished(publishedFolder(result)),
      tables: await readRows(result.context.store),
    };
  } finally {
    result.context.store.close();
  }
}

/** Waits until the database is free, then reads what a queued run left. */
export async function readLeft(
  { dataDir, memory, threads }: Config,
  period = "2018-06",
): Promise<Left> {
  const folder = join(dataDir, "tiny");
  const store = await openWhenFree(join(folder, "working.duckdb"), { memory, threads });
  try {
    return {
      published: await readPublished(findPublished(folder, "tiny", { period })),
      tables: await readRows(store),
    };
  } finally {
    store.close();
  }
}

async function openWhenFree(path: string, options: { memory: string; threads: number }) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await Store.open(path, options);
    } catch (error) {
      if (attempt > 100) throw error;
      await sleep(100);
    }
  }
}
