import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { findJob } from "../../src/queue/queues.ts";
import { jobId } from "../../src/queue/run-jobs.ts";
import {
  expectSame,
  openQueueFixture,
  readLeft,
  runUndisturbed,
  spawnProgram,
} from "./queue-fixture.ts";
import { NO_REDIS, useTestRedis } from "./test-redis.ts";

const HOLDER = join(import.meta.dirname, "hold-database.ts");

describe.skipIf(NO_REDIS)("a database locked by another process", () => {
  const redis = useTestRedis();

  test("is waited for without spending a try, and the run ends as if nothing had been", async () => {
    const fixture = await openQueueFixture(redis, {
      pipeline: "retry: { attempts: 1, first_wait_seconds: 0 }",
    });
    const holder = spawnProgram(
      {},
      [HOLDER, join(fixture.config.dataDir, "tiny", "working.duckdb")],
      [process.execPath, "--import", "tsx"],
    );
    await holder.printed("held");
    const run = await fixture.add();
    fixture.spawn("worker");
    const first = jobId("pull", run, "divisions");
    while (((await findJob(fixture.queues, first))?.attemptsStarted ?? 0) < 3) await sleep(50);
    expect(await fixture.queues.pull.getCompletedCount()).toBe(0);
    expect(await fixture.queues.pull.getFailedCount()).toBe(0);
    await holder.kill("SIGKILL");
    await fixture.finish(run);
    expectSame(await readLeft(fixture.config), await runUndisturbed(fixture.config.workspace));
    await fixture.close();
  }, 900_000);
});
