import { beforeAll, describe, expect, test } from "vitest";
import { findJob } from "../../src/queue/queues.ts";
import { jobId } from "../../src/queue/run-jobs.ts";
import {
  expectSame,
  type Left,
  openQueueFixture,
  type Running,
  readLeft,
  runUndisturbed,
  STAGES,
} from "./queue-fixture.ts";
import { NO_REDIS, useTestRedis } from "./test-redis.ts";

describe.skipIf(NO_REDIS)("a worker killed in each stage", () => {
  const redis = useTestRedis();
  let undisturbed: Left;
  beforeAll(async () => {
    undisturbed = await runUndisturbed();
  });

  test("is replaced by another, and the run ends as if nothing had been", async () => {
    const fixture = await openQueueFixture(redis);
    const run = fixture.ask();
    const struck = new Set<string>();
    let worker: Running | undefined;
    for (const stage of STAGES) {
      await fixture.onActive(stage, run, () => {
        if (struck.has(stage)) return;
        struck.add(stage);
        worker?.child.kill("SIGKILL");
        worker = fixture.spawn("worker");
      });
    }
    await fixture.add(run);
    worker = fixture.spawn("worker");
    await fixture.finish(run);
    const left = await readLeft(fixture.config);
    expect([...struck].sort()).toEqual([...STAGES].sort());
    // Each was struck while it worked: its job was found without its worker.
    for (const stage of STAGES.filter((name) => name !== "pull")) {
      const job = await findJob(fixture.queues, jobId(stage, run));
      expect(job?.stalledCounter, stage).toBeGreaterThanOrEqual(1);
    }
    expectSame(left, undisturbed);
    expect(await fixture.queues.pull.getCompletedCount()).toBe(9);
    await fixture.close();
  }, 900_000);
});
