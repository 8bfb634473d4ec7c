import { readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { describeBackfill, listBackfills, startBackfill } from "../../src/queue/backfill.ts";
import { takeLease } from "../../src/queue/lease.ts";
import { connectRedis } from "../../src/queue/redis.ts";
import {
  makeFolder,
  publishedFolder,
  readPublished,
  runTiny,
  tinyConfig,
} from "../end-to-end/tiny-workspace.ts";
import { openQueueFixture, readLeft, SILENT_LOG } from "./queue-fixture.ts";
import { NO_REDIS, useTestRedis } from "./test-redis.ts";

/** Processes that have a file open just now (Linux: from /proc). */
function findHolders(path: string, among: readonly number[]): number[] {
  return among.filter((pid) => {
    try {
      return readdirSync(`/proc/${pid}/fd`).some((fd) => {
        try {
          return readlinkSync(`/proc/${pid}/fd/${fd}`) === path;
        } catch {
          return false;
        }
      });
    } catch {
      return false;
    }
  });
}

describe.skipIf(NO_REDIS)("one writer", () => {
  const redis = useTestRedis();

  test("three worker processes on one database: one at a time has it open, and all months come out right", async () => {
    const fixture = await openQueueFixture(redis, {
      environment: { ZHENGXIN_STALL_SECONDS: "60" },
    });
    const { queues, config } = fixture;
    const database = join(config.dataDir, "tiny", "working.duckdb");
    const workers = [1, 2, 3].map(() => fixture.spawn("worker"));
    await Promise.all(workers.map((worker) => worker.printed("Running")));
    const backfill = await startBackfill(config, queues, fixture.redis, SILENT_LOG, {
      pipeline: "tiny",
      from: "2018-04",
      to: "2018-06",
      concurrency: 3,
    });
    const pids = workers.map(({ child }) => child.pid as number);
    const seen = new Map<number, number>();
    let most = 0;
    for (;;) {
      const holders = findHolders(database, pids);
      most = Math.max(most, holders.length);
      for (const pid of holders) seen.set(pid, (seen.get(pid) ?? 0) + 1);
      const { done, dead } = await describeBackfill(queues, backfill);
      expect(dead).toBe(0);
      if (done === 3) break;
      await sleep(2);
    }
    expect(most).toBe(1);
    expect(seen.size).toBeGreaterThanOrEqual(2);
    const { published } = await readLeft(config, "2018-06");

    const alone = tinyConfig(config.workspace, makeFolder());
    for (const period of ["2018-04", "2018-05", "2018-06"]) {
      const result = await runTiny(alone, { period, asOf: "2018-07-10 00:00:00" });
      result.context.store.close();
      if (period === "2018-06")
        expect(published).toEqual(await readPublished(publishedFolder(result)));
    }
    await fixture.close();
  }, 900_000);

  test("months of a back-fill run in order, as many at once as allowed; asked again, it goes on", async () => {
    const fixture = await openQueueFixture(redis, {
      environment: { ZHENGXIN_STALL_SECONDS: "60" },
    });
    const { queues, config } = fixture;
    const span = { pipeline: "tiny", from: "2018-03", to: "2018-06", concurrency: 1 };
    const start = () => startBackfill(config, queues, fixture.redis, SILENT_LOG, span);
    const backfill = await start();
    expect(await describeBackfill(queues, backfill)).toMatchObject({ running: 1, absent: 3 });
    expect((await start()).id).toBe(backfill.id);
    expect(await describeBackfill(queues, backfill)).toMatchObject({ running: 1, absent: 3 });
    const worker = fixture.spawn("worker");
    while ((await describeBackfill(queues, backfill)).done < 2) await sleep(20);
    await worker.kill("SIGKILL");
    await start();
    const again = fixture.spawn("worker");
    while ((await describeBackfill(queues, backfill)).done < 4) {
      expect((await describeBackfill(queues, backfill)).running).toBeLessThanOrEqual(1);
      await sleep(20);
    }
    const jobs = (await queues.writers.get("tiny")?.getCompleted()) ?? [];
    const ends = jobs
      .filter(({ name }) => name === "publish")
      .sort((a, b) => (a.finishedOn ?? 0) - (b.finishedOn ?? 0));
    expect(ends.map(({ data }) => data.period)).toEqual([
      "2018-03",
      "2018-04",
      "2018-05",
      "2018-06",
    ]);
    while ((await listBackfills(queues, fixture.redis)).length > 0) await sleep(20);
    await start();
    expect(await listBackfills(queues, fixture.redis)).toEqual([]);
    expect(await again.kill()).toBe(0);
    await fixture.close();
  }, 900_000);

  test("a lease has one holder; it outlives its time while renewed, and ends with its holder", async () => {
    const connection = { url: redis.url, maxRetriesPerRequest: null, retryStrategy: () => 50 };
    const [one, two] = [connectRedis(connection, SILENT_LOG), connectRedis(connection, SILENT_LOG)];
    const key = `lease-test-${process.pid}`;
    const lost: string[] = [];
    const first = await takeLease(one, key, 300, () => lost.push("first"));
    let second: Awaited<ReturnType<typeof takeLease>> | undefined;
    const waiting = takeLease(two, key, 300, () => lost.push("second")).then((lease) => {
      second = lease;
    });
    await sleep(1000);
    expect(second).toBeUndefined();
    await first.release();
    await waiting;
    expect(second).toBeDefined();
    // Somebody else takes it by force, as when this process had slept beyond its time.
    await one.set(key, "another");
    while (lost.length === 0) await sleep(20);
    expect(lost).toEqual(["second"]);
    await second?.release();
    expect(await one.get(key)).toBe("another");
    await one.del(key);
    one.disconnect();
    two.disconnect();
  });
});
