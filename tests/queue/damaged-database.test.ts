import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { listDeadJobs } from "../../src/queue/dead-jobs.ts";
import { openQueueFixture } from "./queue-fixture.ts";
import { NO_REDIS, useTestRedis } from "./test-redis.ts";

describe.skipIf(NO_REDIS)("a damaged database", () => {
  const redis = useTestRedis();

  test("is not waited for: the jobs are dead at once, and say what to do in both languages", async () => {
    const fixture = await openQueueFixture(redis, {
      pipeline: "retry: { attempts: 5, first_wait_seconds: 600 }",
    });
    const folder = join(fixture.config.dataDir, "tiny");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "working.duckdb"), "some text under that name\n");
    await fixture.add();
    fixture.spawn("worker");
    let dead = await listDeadJobs(fixture.queues);
    while (!dead.some(({ stage }) => stage === "conform")) {
      await sleep(100);
      dead = await listDeadJobs(fixture.queues);
    }
    for (const { reason, attempts } of dead) {
      expect(attempts).toBe(1);
      expect(reason).toMatch(/^文件 .*working\.duckdb 不是数据库.*zhengxin repair/);
      expect(reason).toMatch(/\nThe file .* is no database: .*Run "zhengxin repair"/);
    }
    await fixture.close();
  });
});
