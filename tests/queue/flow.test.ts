import type { Job } from "bullmq";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { showJob } from "../../src/queue/dead-jobs.ts";
import { findJob } from "../../src/queue/queues.ts";
import { addRun, jobId, makeFlow, rootId, runState } from "../../src/queue/run-jobs.ts";
import { startWorkers, type WorkedJob } from "../../src/queue/worker.ts";
import {
  expectSame,
  openQueueFixture,
  type QueueFixture,
  readLeft,
  runUndisturbed,
  SILENT_LOG,
  STAGES,
} from "./queue-fixture.ts";
import { NO_REDIS, useTestRedis } from "./test-redis.ts";

// Processes are started and waited for: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 900_000 });

describe.skipIf(NO_REDIS)("a run as a flow", () => {
  const redis = useTestRedis();
  let fixture: QueueFixture;
  const worked: WorkedJob[] = [];
  beforeAll(async () => {
    fixture = await openQueueFixture(redis);
  });
  afterAll(async () => {
    await fixture.close();
  });

  test("is the line turned upside down, with a pull for each source at its foot", () => {
    const run = fixture.ask();
    const names: string[] = [];
    let node = makeFlow(run);
    for (;;) {
      names.unshift(node.name);
      if (node.children?.length !== 1) break;
      node = node.children[0] as typeof node;
    }
    expect(["pull", ...names]).toEqual(STAGES);
    expect(node.children?.map(({ data }) => data.source)).toEqual(run.pipeline.sources);
  });

  test("is kept as long as its pipeline says once it is done, else ninety days", () => {
    const run = fixture.ask();
    const keep = { superseded_runs: 12, superseded_days: 90, jobs_days: 7, drafts_days: 90 };
    const ages = [run, { ...run, pipeline: { ...run.pipeline, keep } }].map(
      (one) => makeFlow(one).opts?.removeOnComplete,
    );
    expect(ages).toEqual([{ age: 7_776_000 }, { age: 604_800 }]);
  });

  test("has ids that BullMQ takes and a person can read", () => {
    const run = { ...fixture.ask(), version: "0a1b2c3d4e5f" };
    expect(rootId(run)).toBe("publish.tiny.2018-06.0a1b2c3d4e5f");
    expect(jobId("pull", run, "orders")).toBe("pull.tiny.2018-06.0a1b2c3d4e5f.orders");
  });

  test("asked for twice, also at the same moment, it is one; the other inputs make another", async () => {
    const run = fixture.ask();
    expect(fixture.ask()).toEqual(run);
    const added = await Promise.all([
      addRun(fixture.queues, run),
      addRun(fixture.queues, run),
      addRun(fixture.queues, run),
    ]);
    expect(new Set(added.map(({ id }) => id)).size).toBe(1);
    expect((await addRun(fixture.queues, run)).added).toBe(false);
    expect(await fixture.queues.pull.getJobCountByTypes("waiting")).toBe(9);
    expect(await runState(fixture.queues, run)).toBe("running");
    expect(await runState(fixture.queues, { ...run, version: "another" })).toBe("absent");
  });

  test("leaves what the run in one process leaves", async () => {
    const workers = startWorkers(fixture.config, fixture.queues, SILENT_LOG, (job) => {
      worked.push(job);
    });
    const run = fixture.ask();
    await fixture.finish(run);
    await workers.close(10);
    expectSame(await readLeft(fixture.config), await runUndisturbed());
    expect(worked).toHaveLength(9 + STAGES.length - 1);
    expect(worked.filter(({ outcome }) => outcome !== "done")).toEqual([]);
    const orders = worked.find(({ source }) => source === "orders");
    // WORKED.md: three files of orders, of 21, 20 and 1 rows.
    expect(orders?.counts).toMatchObject({ files: 3, new: 3 });
  });

  test("goes stage by stage, each told in its job", async () => {
    const run = fixture.ask();
    const jobs: Job[] = [];
    for (const stage of STAGES.slice(1)) {
      jobs.push((await findJob(fixture.queues, jobId(stage, run))) as Job);
    }
    for (const [index, job] of jobs.entries()) {
      const before = jobs[index - 1];
      if (before) expect(job.processedOn).toBeGreaterThanOrEqual(before.finishedOn as number);
      expect(job.returnvalue.runId).toBe(jobs.at(-1)?.returnvalue.runId);
      expect(job.progress).toMatchObject({ stage: job.name });
    }
    const { log: logs } = await showJob(fixture.queues, jobId("conform", run));
    expect(logs.some((line) => /^conform: files 11, rows 77, quarantined 13/.test(line))).toBe(
      true,
    );
    expect(logs.some((line) => line.includes('"stage":"conform"'))).toBe(true);
  });

  test("done once it is not done again; a new version is a new run, of the same result", async () => {
    const run = fixture.ask();
    expect((await addRun(fixture.queues, run)).added).toBe(false);
    const forced = { ...run, version: `${run.version}-again` };
    expect((await addRun(fixture.queues, forced)).added).toBe(true);
    const workers = startWorkers(fixture.config, fixture.queues, SILENT_LOG);
    await fixture.finish(forced);
    await workers.close(10);
    const results = await Promise.all(
      [run, forced].map((one) => findJob(fixture.queues, rootId(one))),
    );
    expect(results[1]?.returnvalue).toEqual({
      runId: results[0]?.returnvalue.runId,
      counts: { ...results[0]?.returnvalue.counts, unchanged: 1 },
    });
  });
});
