import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { listBackfills, startBackfill } from "../../src/queue/backfill.ts";
import { listEntries } from "../../src/queue/ledger.ts";
import { requeueLost } from "../../src/queue/lost-runs.ts";
import { rootId, runState } from "../../src/queue/run-jobs.ts";
import { addDueRuns } from "../../src/queue/scheduler.ts";
import {
  expectSame,
  type Left,
  openQueueFixture,
  type QueueFixture,
  readLeft,
  runUndisturbed,
  SILENT_LOG,
} from "./queue-fixture.ts";
import { NO_REDIS_SERVER, startTestRedis, useTestRedis } from "./test-redis.ts";

describe.skipIf(NO_REDIS_SERVER)("Redis", () => {
  const redis = useTestRedis(startTestRedis);
  let undisturbed: Left;
  beforeAll(async () => {
    undisturbed = await runUndisturbed();
  });

  test("killed and started again in the middle of a flow, four times, loses and doubles nothing", async () => {
    const fixture = await openQueueFixture(redis);
    const run = fixture.ask();
    const struck: string[] = [];
    let outage = Promise.resolve();
    for (const stage of ["pull", "conform", "measure", "publish"] as const) {
      await fixture.onActive(stage, run, () => {
        if (struck.includes(stage)) return;
        struck.push(stage);
        outage = outage.then(async () => {
          await redis.kill();
          await sleep(500);
          await redis.start();
        });
      });
    }
    await fixture.add(run);
    const worker = fixture.spawn("worker");
    await fixture.finish(run);
    await outage;
    expect(struck).toEqual(["pull", "conform", "measure", "publish"]);
    expect(await fixture.queues.pull.getCompletedCount()).toBe(9);
    expect(await worker.kill()).toBe(0);
    expectSame(await readLeft(fixture.config), undisturbed);
    await fixture.close();
  }, 900_000);

  test("gone when the program is stopped, it does not keep the program", async () => {
    const fixture = await openQueueFixture(redis);
    const up = fixture.spawn("up", "--port", "0");
    await up.printed("Running");
    await redis.kill();
    // The limit for running stages is a minute, but none is running.
    const stopped = await Promise.race([up.kill(), sleep(45_000)]);
    await redis.start();
    expect(stopped).toBe(0);
    await fixture.close();
  }, 900_000);

  test("away at the start: pages are served, it is told, and all begins once it is there", async () => {
    const fixture = await openQueueFixture(redis);
    await redis.kill();
    const up = fixture.spawn("up", "--port", "0");
    await up.printed("Redis does not answer at redis://");
    await up.printed("web");
    const address = /http:\/\/[\d.]+:\d+/.exec(await up.printed("web"))?.[0] as string;
    const ready = async () => {
      const answer = await fetch(`${address}/ready`);
      return { status: answer.status, ...((await answer.json()) as object) };
    };
    expect(await ready()).toMatchObject({
      ...{ status: 503, ready: false, redis: false, stopping: false },
      reason: { en: expect.stringContaining("Redis does not answer at redis://") },
    });
    expect((await fetch(`${address}/health`)).status).toBe(200);
    expect((await fetch(`${address}/`)).status).toBeLessThan(500);
    expect((await fetch(`${address}/metrics`)).status).toBe(200);
    await redis.start();
    const run = await fixture.add();
    await fixture.finish(run);
    expect(await ready()).toMatchObject({ status: 200, redis: true, reason: null });
    expect(await up.kill()).toBe(0);
    expectSame(await readLeft(fixture.config), undisturbed);
    await fixture.close();
  }, 900_000);

  test("away from start to end, it keeps nobody from stopping the program", async () => {
    const fixture = await openQueueFixture(redis);
    await redis.kill();
    const scheduler = fixture.spawn("scheduler");
    await scheduler.printed("Redis does not answer at redis://");
    const stopped = await Promise.race([scheduler.kill(), sleep(45_000)]);
    await redis.start();
    expect(stopped).toBe(0);
    await fixture.close();
  }, 900_000);

  test("gone for a minute, longer than any lock lives, loses and doubles nothing", async () => {
    const fixture = await openQueueFixture(redis);
    const run = fixture.ask();
    let outage: Promise<void> | undefined;
    await fixture.onActive("check", run, () => {
      outage ??= (async () => {
        await redis.kill();
        await sleep(60_000);
        await redis.start();
      })();
    });
    await fixture.add(run);
    const worker = fixture.spawn("worker");
    await fixture.finish(run);
    expect(outage).toBeDefined();
    expect(worker.child.exitCode).toBeNull();
    expect(worker.log()).toContain("Redis cannot be reached");
    expect(worker.log()).toContain("Redis is reached again");
    expect(await worker.kill()).toBe(0);
    expectSame(await readLeft(fixture.config), undisturbed);
    await fixture.close();
  }, 900_000);

  /** Lets a run come to its measuring, has Redis lose all it holds, and gives how long the scheduler took to add it again. */
  async function loseInFlight(lose: (fixture: QueueFixture) => Promise<void>) {
    const fixture = await openQueueFixture(redis);
    const run = fixture.ask();
    let lost: Promise<number> | undefined;
    await fixture.onActive("measure", run, () => {
      lost ??= lose(fixture).then(() => performance.now());
    });
    const scheduler = fixture.spawn("scheduler");
    await scheduler.printed("Running");
    fixture.spawn("worker");
    await fixture.add(run);
    while (lost === undefined) await sleep(20);
    const lostAt = await lost;
    expect(await runState(fixture.queues, run)).toBe("absent");
    while ((await runState(fixture.queues, run)) === "absent") await sleep(50);
    const seconds = (performance.now() - lostAt) / 1000;
    await fixture.finish(run);
    expect(seconds).toBeLessThan(60);
    expect(scheduler.log()).toContain(`"run":"${rootId(run)}"`);
    expect(scheduler.log()).toContain("Redis 丢失了数据");
    expect(scheduler.log()).toContain("Redis has lost its data");
    const { logs } = (await fixture.queues.writers.get("tiny")?.getJobLogs(rootId(run))) ?? {};
    expect(logs?.[0]).toContain("queued again");
    expect(await fixture.queues.writers.get("tiny")?.getGlobalConcurrency()).toBe(1);
    expectSame(await readLeft(fixture.config), undisturbed);
    // Through, it is no longer in the ledger: another loss brings nothing back.
    while (listEntries(fixture.queues.ledger, "runs").length > 0) await sleep(20);
    await fixture.close();
  }

  test("wiped with a run in flight: it is told as lost and done again within a minute", async () => {
    await loseInFlight(async (fixture) => {
      await fixture.redis.flushall();
    });
  }, 900_000);

  test("replaced by an empty server with a run in flight, the same", async () => {
    await loseInFlight(async () => {
      await redis.kill();
      await redis.empty();
      await redis.start();
    });
  }, 900_000);

  test("with its data, a run that somebody took out of the queue stays out", async () => {
    const fixture = await openQueueFixture(redis);
    const scheduler = fixture.spawn("scheduler");
    await scheduler.printed("Running");
    const run = await fixture.add();
    const root = await fixture.queues.writers.get("tiny")?.getJob(rootId(run));
    await root?.remove({ removeChildren: true });
    while (listEntries(fixture.queues.ledger, "runs").length > 0) await sleep(50);
    expect(await runState(fixture.queues, run)).toBe("absent");
    expect(scheduler.log()).not.toContain("lost");
    await fixture.close();
  }, 900_000);

  test("wiped, it forgets neither a back-fill nor up to when a schedule was acted on", async () => {
    const fixture = await openQueueFixture(redis, { pipeline: 'schedule: { cron: "0 0 1 * *" }' });
    const { config, queues } = fixture;
    const span = { pipeline: "tiny", from: "2018-05", to: "2018-06", concurrency: 1 };
    const { id } = await startBackfill(config, queues, fixture.redis, SILENT_LOG, span);
    // Half past ten on 20 June and on 3 July: the first of July lies between, which is due by the second look.
    const looks = ["2018-06-20T10:30:00Z", "2018-07-03T10:30:00Z"].map((time) => Date.parse(time));
    const add = (now?: number) =>
      addDueRuns(config, queues, fixture.redis, SILENT_LOG, "tiny", now);
    expect(await add(looks[0])).toEqual([]);
    await fixture.redis.flushall();
    expect(await requeueLost(config, queues, fixture.redis, SILENT_LOG)).toHaveLength(1);
    expect((await listBackfills(queues, fixture.redis)).map((one) => one.id)).toEqual([id]);
    expect(await add(looks[1])).toEqual(["publish.tiny.2018-06.t201807010000"]);
    expect(await add(looks[1])).toEqual([]);
    await fixture.close();
  }, 900_000);
});
