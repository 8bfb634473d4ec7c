import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { findPublished } from "../../src/publish/find-published.ts";
import { listDeadJobs, retryJob, showJob } from "../../src/queue/dead-jobs.ts";
import { jobId, type QueuedRun, runState } from "../../src/queue/run-jobs.ts";
import { startWorkers } from "../../src/queue/worker.ts";
import {
  expectSame,
  openQueueFixture,
  type QueueFixture,
  readLeft,
  runUndisturbed,
  SILENT_LOG,
} from "./queue-fixture.ts";
import { NO_REDIS, useTestRedis } from "./test-redis.ts";

const RETRY = "retry: { attempts: 3, first_wait_seconds: 0.2 }";

/** A file where the folder of the honours should be: it cannot be listed. Returns what mends it. */
function breakHonours({ config }: QueueFixture): () => void {
  const folder = join(config.workspace, "data-samples", "honours");
  renameSync(folder, `${folder}.away`);
  writeFileSync(folder, "");
  return () => {
    rmSync(folder);
    renameSync(`${folder}.away`, folder);
  };
}

async function untilDead(fixture: QueueFixture, run: QueuedRun) {
  while ((await runState(fixture.queues, run)) !== "dead") await sleep(50);
}

describe.skipIf(NO_REDIS)("a source that cannot be fetched", () => {
  const redis = useTestRedis();

  test("is tried as often as the pipeline says, with growing waits; then the run goes on and says so", async () => {
    const fixture = await openQueueFixture(redis, { pipeline: RETRY });
    breakHonours(fixture);
    const run = fixture.ask();
    const tries: number[] = [];
    const workers = startWorkers(fixture.config, fixture.queues, SILENT_LOG, (job) => {
      if (job.source === "honours") tries.push(performance.now());
    });
    await fixture.add(run);
    await fixture.finish(run);
    await workers.close(10);
    expect(tries).toHaveLength(3);
    const [first = 0, second = 0] = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
    // 0.2 s and 0.4 s, each shortened by up to a half at random.
    expect(first).toBeGreaterThanOrEqual(100);
    expect(second).toBeGreaterThanOrEqual(200);
    const report = JSON.parse(
      readFileSync(
        join(findPublished(join(fixture.config.dataDir, "tiny"), "tiny"), "report.json"),
        "utf8",
      ),
    );
    expect(report.fetching).toMatchObject({ require: "any", required: 1, fetched: 8 });
    const said = {
      zh: "文件夹 data-samples/honours 打不开（ENOTDIR）。请检查它是否存在、是否已挂载、是否有读取权限。",
      en: "The folder data-samples/honours cannot be listed (ENOTDIR). Check that it is there, mounted and may be read.",
    };
    expect(report.fetching.failed).toEqual([
      {
        source_id: "honours",
        attempted_at: "2018-07-10 00:00:00",
        message_zh: said.zh,
        message_en: said.en,
      },
    ]);
    const dead = await listDeadJobs(fixture.queues);
    expect(dead).toHaveLength(1);
    expect(dead[0]).toMatchObject({
      id: jobId("pull", run, "honours"),
      source: "honours",
      attempts: 3,
      reason: `${said.zh}\n${said.en}`,
    });
    await fixture.close();
  }, 900_000);

  test("stops a run that requires all; mended and retried, the run goes on as if nothing had been", async () => {
    const fixture = await openQueueFixture(redis, { pipeline: `${RETRY}\nrequire: all` });
    const mend = breakHonours(fixture);
    const run = await fixture.add();
    const workers = startWorkers(fixture.config, fixture.queues, SILENT_LOG);
    await untilDead(fixture, run);
    const dead = await listDeadJobs(fixture.queues);
    expect(dead.map(({ stage }) => stage).sort()).toEqual(["conform", "pull"]);
    const conform = await showJob(fixture.queues, jobId("conform", run));
    expect(conform.reason).toContain("Only 8 of 9 sources could be fetched");
    expect(conform.state).toBe("failed");
    // Another try would find the same, so there was none.
    expect(conform.attempts).toBe(1);
    mend();
    await retryJob(fixture.queues, jobId("pull", run, "honours"));
    while ((await showJob(fixture.queues, jobId("pull", run, "honours"))).state !== "completed") {
      await sleep(50);
    }
    await retryJob(fixture.queues, jobId("conform", run));
    await fixture.finish(run);
    await workers.close(10);
    expect(await listDeadJobs(fixture.queues)).toEqual([]);
    expectSame(await readLeft(fixture.config), await runUndisturbed(fixture.config.workspace));
    await expect(retryJob(fixture.queues, jobId("conform", run))).rejects.toThrow(
      "is completed; only a failed one",
    );
    await expect(retryJob(fixture.queues, "nobody")).rejects.toThrow('no job "nobody"');
    await fixture.close();
  }, 900_000);

  test("bad definitions end a job at its first try, with their line", async () => {
    const fixture = await openQueueFixture(redis, { pipeline: RETRY });
    const run = await fixture.add();
    const file = join(fixture.config.workspace, "pipelines/sources/orders.yaml");
    writeFileSync(file, `${readFileSync(file, "utf8")}nonsense: true\n`);
    const workers = startWorkers(fixture.config, fixture.queues, SILENT_LOG);
    await untilDead(fixture, run);
    await workers.close(10);
    const dead = await showJob(fixture.queues, jobId("conform", run));
    expect(dead.attempts).toBe(1);
    expect(dead.reason).toMatch(/orders\.yaml:\d+/);
    await fixture.close();
  }, 900_000);
});
