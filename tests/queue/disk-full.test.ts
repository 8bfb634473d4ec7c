import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { makeFolder } from "../end-to-end/tiny-workspace.ts";
import { fillDisk, mountDisk, unmountDisk } from "../services/small-disk.ts";
import {
  expectSame,
  openQueueFixture,
  type QueueFixture,
  readLeft,
  runUndisturbed,
  spawnProgram,
} from "./queue-fixture.ts";
import { NO_REDIS, useTestRedis } from "./test-redis.ts";

const SIZE = "64m";

/** A small disk of its own in memory; undefined where this process may not mount one. */
function mountSmallDisk(): string | undefined {
  const folder = makeFolder("zhengxin-small-disk-");
  return mountDisk(folder, `size=${SIZE}`) ? folder : undefined;
}

describe.skipIf(NO_REDIS)("a full disk", () => {
  const disk = mountSmallDisk();
  const redis = useTestRedis();
  afterAll(() => {
    if (disk) unmountDisk(disk);
  });

  const reason = disk ? "" : " (left out: this process may not mount a disk)";

  test.skipIf(!disk).each(["pull", "conform", "measure", "publish"] as const)(
    `met in %s is tried again until there is room${reason}`,
    async (stage) => {
      const fixture = await openQueueFixture(redis, {
        dataDir: join(disk as string, stage),
        pipeline: "retry: { attempts: 20, first_wait_seconds: 0.2 }",
      });
      let ballast: string | undefined;
      const run = fixture.ask();
      await fixture.onActive(stage, run, () => {
        ballast ??= fillDisk(disk as string);
      });
      await fixture.add(run);
      const worker = fixture.spawn("worker");
      await untilTried(fixture, () => worker.log());
      rmSync(ballast as string);
      await fixture.finish(run);
      expect(await worker.kill()).toBe(0);
      expectSame(await readLeft(fixture.config), await runUndisturbed(fixture.config.workspace));
      await fixture.close();
      rmSync(join(disk as string, stage), { recursive: true });
    },
    900_000,
  );

  test.skipIf(!disk)(
    `that Redis shares is told, and all goes on by itself once there is room${reason}`,
    async () => {
      const dataDir = join(disk as string, "shared");
      const fixture = await openQueueFixture(redis, {
        dataDir,
        pipeline: "retry: { attempts: 20, first_wait_seconds: 0.2 }",
        environment: { REDIS_URL: "" },
      });
      const up = fixture.spawn("up", "--port", "0");
      const address = /http:\/\/[\d.]+:\d+/.exec(await up.printed("web"))?.[0] as string;
      const run = fixture.ask();
      // Stages that are rolled back give room again, so it is filled again and again; and what Redis has to write down fits into no
      // page that is begun.
      const fill = () => {
        fillDisk(disk as string);
        fixture.redis.set("ballast", "x".repeat(1 << 16)).catch(() => undefined);
      };
      let filling: NodeJS.Timeout | undefined;
      await fixture.onActive("measure", run, () => {
        filling ??= setInterval(fill, 200);
      });
      await fixture.add(run);
      const told = await untilRefusing(address);
      expect(told.zh).toContain("请腾出空间");
      expect(told.en).toContain("answers but cannot write its files");
      const status = spawnProgram(fixture.environment, ["status", "tiny"]);
      expect(await status.printed("已发布 published")).toMatch(
        /^! .*请腾出空间.*\n {2}Redis .* answers but cannot write its files/,
      );
      // Longer than locks live, so that jobs under way are given up too.
      await sleep(12_000);
      clearInterval(filling);
      rmSync(join(disk as string, "ballast"));
      await fixture.finish(run);
      expect((await fetch(`${address}/ready`)).status).toBe(200);
      expect(await up.kill()).toBe(0);
      expectSame(await readLeft(fixture.config), await runUndisturbed(fixture.config.workspace));
      await fixture.close();
      rmSync(dataDir, { recursive: true });
    },
    900_000,
  );
});

/** Asks until the program says that Redis takes no changes; gives the reason. */
async function untilRefusing(address: string): Promise<{ zh: string; en: string }> {
  const deadline = performance.now() + 300_000;
  while (performance.now() < deadline) {
    const answer = await fetch(`${address}/ready`);
    const { reason } = (await answer.json()) as { reason: { zh: string; en: string } | null };
    if (answer.status === 503 && reason) return reason;
    await sleep(200);
  }
  throw new Error("Nobody said that Redis takes no changes.");
}

/** Waits until the full disk has been met at least twice. */
async function untilTried(fixture: QueueFixture, log: () => string): Promise<void> {
  const deadline = performance.now() + 300_000;
  while (log().split("a job could not be done").length < 3) {
    if (performance.now() > deadline) {
      throw new Error(
        `The full disk was not met: ${log()} ${await fixture.queues.pull.getFailedCount()}`,
      );
    }
    await sleep(50);
  }
}
