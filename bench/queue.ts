import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { type Config, readConfig } from "../src/config.ts";
import { describeBackfill, startBackfill } from "../src/queue/backfill.ts";
import { openQueues, type Queues } from "../src/queue/queues.ts";
import { connectRedis, findRedis } from "../src/queue/redis.ts";
import { addRun, runState } from "../src/queue/run-jobs.ts";
import { startWorkers } from "../src/queue/worker.ts";
import { runPipeline } from "../src/run.ts";
import { askRun, listPeriods } from "../src/run-question.ts";

const PROGRAM_FOLDER = resolve(import.meta.dirname, "..");
const TINY_CITY = join(PROGRAM_FOLDER, "tests/fixtures/tiny-city");
const log = pino({ level: "silent" });

/** What the queue adds to a monthly run of twenty sources, and to a back-fill, against the same runs in one process. */
export async function benchQueue(months: number): Promise<void> {
  await benchOverhead();
  await benchBackfill(months);
}

/**
 * A month of the tiny city with eleven more empty sources, so that nearly all of the time is not the work itself.
 * Everything is warm on both sides, and both do the same month again.
 */
export async function benchOverhead(): Promise<void> {
  await withFolder(async (folder) => {
    const workspace = join(folder, "city");
    makeTwentySources(workspace);
    const settings = (data: string) => ({
      ZHENGXIN_WORKSPACE: workspace,
      DATA_DIR: join(folder, data),
    });
    const alone = readConfig(settings("alone"));
    const queued = readConfig(settings("queued"));
    const inProcess: number[] = [];
    const inQueue: number[] = [];
    await withQueue(queued, async (queues) => {
      for (let round = 0; round < 6; round += 1) {
        inProcess.push(await time(() => runAlone(alone, "tiny", "2018-06")));
        const question = askRun(queued, { pipeline: "tiny" });
        const run = { ...question, version: `${question.inputVersion}-${round}` };
        inQueue.push(
          await time(async () => {
            await addRun(queues, run);
            while ((await runState(queues, run)) === "running") await sleep(2);
          }),
        );
      }
    });
    const [direct, flow] = [least(inProcess), least(inQueue)];
    console.log("a monthly flow of 20 sources (target: at most 0.5 s more than in one process)");
    console.log(`  in one process  ${direct.toFixed(2)} s, best of 6`);
    console.log(`  as a flow       ${flow.toFixed(2)} s, ${(flow - direct).toFixed(2)} s more`);
  });
}

export async function benchBackfill(months: number): Promise<void> {
  const periods = listPeriods("2016-01", "2018-12").slice(-months);
  await withFolder(async (folder) => {
    const asOf = "2019-01-10 00:00:00";
    const alone = readConfig({ DATA_DIR: join(folder, "alone") });
    const queued = readConfig({ DATA_DIR: join(folder, "queued") });
    const direct = await timeBoth(async () => {
      for (const period of periods) await runAlone(alone, "qingdao", period, asOf);
    });
    const flow = await withQueue(queued, (queues, redis) =>
      timeBoth(async () => {
        const backfill = await startBackfill(queued, queues, redis, log, {
          pipeline: "qingdao",
          asOf,
          concurrency: 1,
          from: periods[0] as string,
          to: periods.at(-1) as string,
        });
        for (;;) {
          const { done, dead } = await describeBackfill(queues, backfill);
          if (dead > 0) throw new Error("A period of the back-fill has died.");
          if (done === periods.length) return;
          await sleep(100);
        }
      }),
    );
    console.log(
      `back-fill of the bundled city, ${periods.length} months (target: 1.3 x in one process)`,
    );
    const ratio = (part: keyof Spent) => `${(flow[part] / direct[part]).toFixed(2)} x`;
    console.log(`  in one process     ${say(direct)}`);
    console.log(`  through the queue  ${say(flow)}: ${ratio("wall")}, ${ratio("processor")}`);
  });
}

async function runAlone(config: Config, pipeline: string, period: string, asOf?: string) {
  const { context } = await runPipeline(config, { pipeline, period, asOf, log });
  context.store.close();
}

async function withQueue<T>(
  config: Config,
  work: (queues: Queues, redis: ReturnType<typeof connectRedis>) => Promise<T>,
): Promise<T> {
  const place = await findRedis(config, log);
  const queues = openQueues(config, place.connection, log);
  const redis = connectRedis(place.connection, log);
  const workers = startWorkers(config, queues, log);
  try {
    return await work(queues, redis);
  } finally {
    await workers.close(60);
    await queues.close();
    redis.disconnect();
    await place.close();
  }
}

/** The tiny city's nine sources, and eleven like its honours without a single file. */
function makeTwentySources(workspace: string): void {
  cpSync(TINY_CITY, workspace, { recursive: true });
  const sources = join(workspace, "pipelines/sources");
  const model = readFileSync(join(sources, "honours.yaml"), "utf8");
  const more = Array.from(
    { length: 20 - readdirSync(sources).length },
    (_, at) => `more-${at + 1}`,
  );
  for (const name of more) {
    const text = model
      .replace(/^source:.*$/m, `source: ${name}`)
      .replaceAll("samples/honours", `samples/${name}`);
    writeFileSync(join(sources, `${name}.yaml`), text);
    mkdirSync(join(workspace, "data-samples", name));
  }
  const file = join(workspace, "pipelines/tiny.yaml");
  const pipeline = readFileSync(file, "utf8");
  writeFileSync(
    file,
    pipeline.replace(/^sources: \[(.*)\]$/m, `sources: [$1, ${more.join(", ")}]`),
  );
}

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "zhengxin-bench-"));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds on the clock, and of the processor: the latter say less of what else the machine does. */
interface Spent {
  readonly wall: number;
  readonly processor: number;
}

async function timeBoth(work: () => Promise<unknown>): Promise<Spent> {
  const before = process.cpuUsage();
  const wall = await time(work);
  const { user, system } = process.cpuUsage(before);
  return { wall, processor: (user + system) / 1e6 };
}

function say({ wall, processor }: Spent): string {
  return `${wall.toFixed(1)} s, ${processor.toFixed(1)} s of the processor`;
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** What else the machine does can only make a round longer. */
function least(values: readonly number[]): number {
  return Math.min(...values);
}
