import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { listDeadJobs } from "../../src/queue/dead-jobs.ts";
import { listEntries } from "../../src/queue/ledger.ts";
import { jobId, type QueuedRun, rootId, runState } from "../../src/queue/run-jobs.ts";
import { clearSettled, dropJob, dropJobs } from "../../src/queue/settled-jobs.ts";
import { startWorkers } from "../../src/queue/worker.ts";
import { askRun } from "../../src/run-question.ts";
import { openQueueFixture, type QueueFixture, SILENT_LOG } from "./queue-fixture.ts";
import { NO_REDIS, useTestRedis } from "./test-redis.ts";

async function untilDead({ queues }: QueueFixture, run: QueuedRun) {
  while ((await runState(queues, run)) !== "dead") await sleep(50);
}

describe.skipIf(NO_REDIS)("dead jobs", () => {
  const redis = useTestRedis();

  test("leave the list once a newer run of their period is through; others stay until they are dropped", async () => {
    const fixture = await openQueueFixture(redis, {
      pipeline: "retry: { attempts: 1, first_wait_seconds: 0 }\nrequire: all",
    });
    const { config, queues } = fixture;
    const honours = join(config.workspace, "data-samples/honours");
    renameSync(honours, `${honours}.away`);
    writeFileSync(honours, "");
    const asked = fixture.ask();
    const run = (version: string, asOf = asked.asOf, period = asked.period) => ({
      ...asked,
      version,
      asOf,
      period,
    });
    const [first, later, other] = [
      run("first"),
      run("known-later", "2018-08-01 00:00:00"),
      run("other", asked.asOf, "2018-05"),
    ];
    const workers = startWorkers(config, queues, SILENT_LOG);
    for (const one of [first, later, other]) await fixture.add(one);
    for (const one of [first, later, other]) await untilDead(fixture, one);
    rmSync(honours);
    renameSync(`${honours}.away`, honours);
    const newer = run("newer");
    await fixture.add(newer);
    await fixture.finish(newer);
    await workers.close(10);

    const left = await clearSettled(queues, fixture.redis);
    expect(new Set(left.map(({ why }) => why))).toEqual(new Set(["overtaken", "gone"]));
    expect(await runState(queues, first)).toBe("absent");
    // Asked about what became known later, and about another period: nothing has answered these.
    const dead = (await listDeadJobs(queues)).map(({ id }) => id);
    expect(dead.toSorted()).toEqual(
      [later, other]
        .flatMap((one) => [jobId("conform", one), jobId("pull", one, "honours")])
        .toSorted(),
    );
    expect(await clearSettled(queues, fixture.redis)).toEqual([]);

    // A dead stage takes its run with it; of the ledger too, so that no scheduler brings it back.
    expect(await dropJob(queues, fixture.redis, jobId("conform", other))).toEqual({
      id: jobId("conform", other),
      why: "dropped",
    });
    expect(await runState(queues, other)).toBe("absent");
    const noted = listEntries(queues.ledger, "runs").map(({ id }) => id);
    expect(noted).not.toContain(rootId(other));
    expect(noted).toContain(rootId(later));
    await dropJobs(queues, fixture.redis, "all");
    expect(await listDeadJobs(queues)).toEqual([]);
    await expect(dropJob(queues, fixture.redis, rootId(newer))).rejects.toThrow(
      "is completed; only a failed one can be dropped",
    );
    await expect(dropJob(queues, fixture.redis, "nobody")).rejects.toThrow('no job "nobody"');
    await fixture.close();
  });

  test("the question of a job is another one once a check, a code list or a calendar is", async () => {
    const fixture = await openQueueFixture(redis);
    const { config } = fixture;
    const version = () => askRun(config, { pipeline: "tiny" }).inputVersion;
    const versions = [version()];
    expect(version()).toBe(versions[0]);
    const check = `/*
title: { zh: 测试, en: Test }
severity: warn
message: { zh: "有 {rows} 行。", en: "There are {rows} rows." }
*/
SELECT record_key, file_id, line, '' AS detail FROM known.honour WHERE false
`;
    mkdirSync(join(config.workspace, "metrics/checks"), { recursive: true });
    writeFileSync(join(config.workspace, "metrics/checks/test.sql"), check);
    versions.push(version());
    writeFileSync(
      join(config.workspace, "metrics/laws.yaml"),
      "laws: []\n# another remark is another register\n",
    );
    versions.push(version());
    expect(new Set(versions).size).toBe(3);
    await fixture.close();
  });
});
