import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { PULL_QUEUE } from "../../src/queue/queues.ts";
import { jobId } from "../../src/queue/run-jobs.ts";
import { startWorkers } from "../../src/queue/worker.ts";
import { sendJson, startServer } from "../pull/connect/http-server.ts";
import { openQueueFixture, type QueueFixture, SILENT_LOG } from "./queue-fixture.ts";
import { NO_REDIS, useTestRedis } from "./test-redis.ts";

const HONOURS = [
  { 编号: "H1", 单位: "北港区", 荣誉名称: "合成", 级别: "市级", 授予日期: "2018-04-15" },
];

/** The honours come from a server instead of a folder. */
function fetchHonours({ config }: QueueFixture, origin: string): void {
  const file = join(config.workspace, "pipelines/sources/honours.yaml");
  const text = readFileSync(file, "utf8")
    .replace(
      /^connector:.*$/m,
      `connector: { type: http-json, url: "${origin}/honours", allow_hosts: ["${new URL(origin).host}"], attempts: 1 }`,
    )
    .replace(/^format:.*$/m, "format: { type: json }");
  writeFileSync(file, text);
}

async function pulled({ queues }: QueueFixture): Promise<number> {
  return (await queues.pull.getJobs(["completed"])).length;
}

describe.skipIf(NO_REDIS)("a server that is fetched from", () => {
  const redis = useTestRedis();

  test("holds up nobody at the database while it is slow", async () => {
    const fixture = await openQueueFixture(redis);
    let othersDone = 0;
    const server = await startServer(async (_request, response) => {
      // It answers only once the other eight sources have been taken into the database.
      while (othersDone < 8) {
        othersDone = await pulled(fixture);
        await sleep(20);
      }
      sendJson(response, HONOURS);
    });
    fetchHonours(fixture, server.origin);
    const run = await fixture.add();
    const workers = startWorkers(fixture.config, fixture.queues, SILENT_LOG);
    onTestFinished(() => workers.close(0));
    await fixture.finish(run);
    expect(othersDone).toBe(8);
    expect(await pulled(fixture)).toBe(9);
    await fixture.close();
  });

  test("is asked again no sooner than it said", async () => {
    const fixture = await openQueueFixture(redis, {
      pipeline: "retry: { attempts: 3, first_wait_seconds: 0.01 }",
    });
    const asked: number[] = [];
    const server = await startServer((_request, response) => {
      asked.push(performance.now());
      if (asked.length === 1) sendJson(response, {}, { "retry-after": "2" }, 429);
      else sendJson(response, HONOURS);
    });
    fetchHonours(fixture, server.origin);
    const run = await fixture.add();
    const workers = startWorkers(fixture.config, fixture.queues, SILENT_LOG);
    onTestFinished(() => workers.close(0));
    await fixture.finish(run);
    expect(asked).toHaveLength(2);
    expect((asked[1] as number) - (asked[0] as number)).toBeGreaterThanOrEqual(2000);
    const job = await fixture.queues.pull.getJob(jobId("pull", run, "honours"));
    expect(job?.attemptsMade).toBe(2);
    expect(job?.queueName).toBe(PULL_QUEUE);
    await fixture.close();
  });
});
