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
});

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
