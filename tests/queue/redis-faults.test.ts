import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import {
  expectSame,
  type Left,
  openQueueFixture,
  readLeft,
  runUndisturbed,
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
});
