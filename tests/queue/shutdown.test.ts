import { beforeAll, describe, expect, test } from "vitest";
import { findJob } from "../../src/queue/queues.ts";
import { jobId } from "../../src/queue/run-jobs.ts";
import {
  expectSame,
  type Left,
  openQueueFixture,
  readLeft,
  runUndisturbed,
  STAGES,
} from "./queue-fixture.ts";
import { NO_REDIS, useTestRedis } from "./test-redis.ts";

describe.skipIf(NO_REDIS)("a worker that is stopped", () => {
  const redis = useTestRedis();
  let undisturbed: Left;
  beforeAll(async () => {
    undisturbed = await runUndisturbed();
  });

  /** Stops a worker in the middle of a stage; another one, started afterwards, ends the run. */
  async function stopIn(stage: "conform" | "measure", seconds: string) {
    const fixture = await openQueueFixture(redis, {
      // No job may be taken for one whose worker died, however busy the machine.
      environment: { ZHENGXIN_SHUTDOWN_SECONDS: seconds, ZHENGXIN_STALL_SECONDS: "60" },
    });
    const run = fixture.ask();
    const worker = fixture.spawn("worker");
    const stopped = new Promise<number | null>((resolve) => {
      fixture
        .onActive(stage, run, () => resolve(worker.kill("SIGTERM")))
        .then(() => fixture.add(run));
    });
    expect(await stopped, worker.log()).toBe(0);
    const job = await findJob(fixture.queues, jobId(stage, run));
    const state = await job?.getState();
    fixture.spawn("worker");
    await fixture.finish(run);
    for (const one of STAGES.slice(1)) {
      // Nothing was left for others to find: no job lost its worker.
      expect((await findJob(fixture.queues, jobId(one, run)))?.stalledCounter, one).toBe(0);
    }
    expectSame(await readLeft(fixture.config), undisturbed);
    await fixture.close();
    return state;
  }

  test("finishes its stage within the limit and begins no other", async () => {
    expect(await stopIn("conform", "60")).toBe("completed");
  }, 900_000);

  test("without time rolls its stage back and leaves it whole to others", async () => {
    expect(await stopIn("measure", "0")).not.toBe("failed");
  }, 900_000);
});
