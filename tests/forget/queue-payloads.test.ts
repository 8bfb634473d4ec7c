import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openQueueFixture } from "../queue/queue-fixture.ts";
import { startTestRedis } from "../queue/test-redis.ts";
import { findBinary } from "../services/find-binary.ts";

const CALLER = "合成来电人甲乙丙丁";

test.skipIf(!findBinary("redis-server"))(
  "no payload, result or log of a queued run holds a name",
  async () => {
    const redis = await startTestRedis();
    const fixture = await openQueueFixture(redis, { environment: { ZHENGXIN_LOG_LEVEL: "debug" } });
    try {
      const orders = join(
        fixture.config.workspace,
        "data-samples/orders/orders-known-2018-04-02.csv",
      );
      writeFileSync(orders, readFileSync(orders, "utf8").replaceAll("合成甲", CALLER));
      const worker = fixture.spawn("worker");
      await fixture.finish(await fixture.add());
      const values: unknown[] = [worker.log()];
      for (const key of await fixture.redis.keys("*")) {
        const type = await fixture.redis.type(key);
        values.push(key);
        if (type === "hash") values.push(await fixture.redis.hgetall(key));
        if (type === "string") values.push(await fixture.redis.get(key));
        if (type === "list") values.push(await fixture.redis.lrange(key, 0, -1));
        if (type === "set") values.push(await fixture.redis.smembers(key));
        if (type === "zset") values.push(await fixture.redis.zrange(key, "0", "-1"));
        if (type === "stream") values.push(await fixture.redis.xrange(key, "-", "+"));
      }
      const held = JSON.stringify(values);
      // It has looked at something: every stage's job is there.
      expect(held).toMatch(/conform/);
      expect(held).not.toContain(CALLER);
    } finally {
      await fixture.close();
      await redis.close();
    }
  },
  300_000,
);
