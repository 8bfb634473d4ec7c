import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { type QueuedRun, runState } from "../../src/queue/run-jobs.ts";
import { findPipeline } from "../../src/standard/workspace.ts";
import { makeFakeClock, NO_FAKE_CLOCK } from "./fake-clock.ts";
import {
  expectSame,
  openQueueFixture,
  type QueueFixture,
  readLeft,
  runUndisturbed,
} from "./queue-fixture.ts";
import { NO_REDIS, useTestRedis } from "./test-redis.ts";

// 10 July 2018 is the seventh working day of its month (2 to 6, 9, 10), so June is due as JUNE asks for it.
const SCHEDULED = {
  pipeline: 'schedule: { working_day: 7, at: "00:00" }',
  edit: (text: string) => text.replace(/^example:.*$/m, ""),
};
const READY = "Running";

function dueRun({ config }: QueueFixture): QueuedRun {
  return {
    pipeline: findPipeline(config.workspace, "tiny"),
    period: "2018-06",
    asOf: "2018-07-10 00:00:00",
    version: "t201807100000",
  };
}

async function countRuns({ queues }: QueueFixture): Promise<number> {
  const jobs = await queues.writers.get("tiny")?.getJobs();
  return jobs?.filter(({ name }) => name === "publish").length ?? 0;
}

async function untilDue(fixture: QueueFixture): Promise<void> {
  while ((await runState(fixture.queues, dueRun(fixture))) === "absent") await sleep(50);
}

describe.skipIf(NO_REDIS || NO_FAKE_CLOCK)("schedulers", () => {
  const redis = useTestRedis();

  test("two started at once make one run of what is due, at its time", async () => {
    const fixture = await openQueueFixture(redis, SCHEDULED);
    const clock = makeFakeClock("2018-07-09T15:50:00Z");
    Object.assign(fixture.environment, clock.environment);
    const schedulers = [fixture.spawn("scheduler"), fixture.spawn("scheduler")];
    await Promise.all(schedulers.map((scheduler) => scheduler.printed(READY)));
    expect(await fixture.queues.schedule.getJobSchedulersCount()).toBe(1);
    expect(await countRuns(fixture)).toBe(0);
    clock.set("2018-07-09T15:59:58Z");
    await untilDue(fixture);
    fixture.spawn("worker");
    await fixture.finish(dueRun(fixture));
    expect(await countRuns(fixture)).toBe(1);
    expect(await fixture.queues.pull.getCompletedCount()).toBe(9);
    expectSame(await readLeft(fixture.config), await runUndisturbed(fixture.config.workspace));
    await fixture.close();
  }, 900_000);

  test("a time missed while none was running is made up for once on return", async () => {
    const fixture = await openQueueFixture(redis, SCHEDULED);
    const clock = makeFakeClock("2018-04-01T00:00:00Z");
    Object.assign(fixture.environment, clock.environment);
    const first = fixture.spawn("scheduler");
    await first.printed(READY);
    expect(await first.kill()).toBe(0);
    // The seventh working days of April, May, June and July go by.
    clock.set("2018-07-12T00:00:00Z");
    const second = fixture.spawn("scheduler");
    await second.printed(READY);
    expect(await countRuns(fixture)).toBe(1);
    expect(await runState(fixture.queues, dueRun(fixture))).toBe("running");
    await fixture.close();
  }, 900_000);

  test("a clock moved back an hour, with and without a restart, starts nothing twice", async () => {
    const fixture = await openQueueFixture(redis, SCHEDULED);
    const clock = makeFakeClock("2018-07-09T15:50:00Z");
    Object.assign(fixture.environment, clock.environment);
    const scheduler = fixture.spawn("scheduler");
    const worker = fixture.spawn("worker");
    await scheduler.printed(READY);
    await worker.printed(READY);
    clock.set("2018-07-09T15:59:58Z");
    await untilDue(fixture);
    clock.set("2018-07-09T15:00:00Z");
    // The worker, whose clock went back too, ends the run; a second scheduler starts before midnight comes again.
    await fixture.finish(dueRun(fixture));
    const another = fixture.spawn("scheduler");
    await another.printed(READY);
    clock.set("2018-07-09T15:59:58Z");
    await sleep(15_000);
    const third = fixture.spawn("scheduler");
    await third.printed(READY);
    expect(await countRuns(fixture)).toBe(1);
    expect(await fixture.queues.pull.getCompletedCount()).toBe(9);
    expectSame(await readLeft(fixture.config), await runUndisturbed(fixture.config.workspace));
    await fixture.close();
  }, 900_000);
});
