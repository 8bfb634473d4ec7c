import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findPublished } from "../../src/publish/find-published.ts";
import { sayAway } from "../../src/queue/redis-state.ts";
import { makeApp } from "../../src/serve/app.ts";
import { addToken } from "../../src/serve/auth/token-file.ts";
import { openMetrics } from "../../src/serve/metrics.ts";
import { startServer, type WebServer } from "../../src/serve/server.ts";
import { runTiny } from "../end-to-end/tiny-workspace.ts";
import { openQueueFixture, type QueueFixture } from "../queue/queue-fixture.ts";
import { NO_REDIS, useTestRedis } from "../queue/test-redis.ts";

const PASSWORD = "a password for tests";
const basic = (user: string, password: string) => ({
  Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
});

// biome-ignore lint/suspicious/noExplicitAny: what a server answers is looked at field by field
async function readJson(response: Promise<Response>): Promise<any> {
  return (await response).json();
}

const THERE = { reached: true, trouble: undefined };
const AWAY = { reached: false, trouble: sayAway("redis://here") };

describe.skipIf(NO_REDIS)("the web server", () => {
  const redis = useTestRedis();
  let fixture: QueueFixture;
  let server: WebServer;
  let folder: string;
  let redisIsThere = true;
  let stopping = false;
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${server.address}${path}`, { headers });

  beforeAll(async () => {
    fixture = await openQueueFixture(redis, { environment: { ZHENGXIN_ADMIN_PASSWORD: PASSWORD } });
    const { config, queues } = fixture;
    const result = await runTiny(config);
    result.context.store.close();
    folder = findPublished(join(config.dataDir, "tiny"), "tiny");
    const metrics = openMetrics(config, queues);
    metrics.countJob({
      ...{ stage: "pull", pipeline: "tiny", source: "orders", seconds: 0.2, outcome: "done" },
      counts: { rows: 42 },
    });
    const app = makeApp({
      ...{ config, queues, metrics },
      redisState: async () => (redisIsThere ? THERE : AWAY),
      isStopping: () => stopping,
    });
    server = await startServer(app, "127.0.0.1", 0);
  });
  afterAll(async () => {
    await server.close();
    await fixture.close();
  });

  test("is alive, and ready while Redis answers and nobody stops it", async () => {
    expect((await get("/health")).status).toBe(200);
    expect((await get("/ready")).status).toBe(200);
    redisIsThere = false;
    const without = await get("/ready");
    expect([without.status, await without.json()]).toEqual([
      503,
      { ready: false, redis: false, reason: AWAY.trouble, stopping: false },
    ]);
    expect((await get("/health")).status).toBe(200);
    redisIsThere = true;
    stopping = true;
    expect((await get("/ready")).status).toBe(503);
    stopping = false;
  });

  test("tells its figures to Prometheus", async () => {
    await fixture.add();
    const response = await get("/metrics");
    expect(response.headers.get("content-type")).toContain("text/plain");
    const lines = (await response.text()).split("\n");
    expect(lines).toContain('zhengxin_jobs{queue="pull",state="waiting"} 9');
    expect(lines).toContain('zhengxin_jobs{queue="writer-tiny",state="waiting-children"} 6');
    expect(lines).toContain('zhengxin_rows_in_total{pipeline="tiny",source="orders"} 42');
    expect(lines).toContain(
      'zhengxin_job_duration_seconds_bucket{le="0.25",stage="pull",outcome="done"} 1',
    );
    // What was known of honours when June was computed, in the published month itself.
    const report = JSON.parse(readFileSync(join(folder, "report.json"), "utf8"));
    for (const source of report.sources) {
      const labels = `{pipeline="tiny",source="${source.source_id}"}`;
      expect(lines).toContain(`zhengxin_source_rows_loaded${labels} ${source.rows_loaded}`);
    }
    expect(lines).toContain('zhengxin_source_fresh{pipeline="tiny",source="honours"} 1');
  });

  test("shows the queues to the administrator alone", async () => {
    expect((await get("/queues")).status).toBe(401);
    expect((await get("/queues/api/queues")).status).toBe(401);
    expect((await get("/queues", basic("admin", "a password for test"))).status).toBe(401);
    expect((await get("/queues", basic("root", PASSWORD))).status).toBe(401);
    const page = await get("/queues", basic("admin", PASSWORD));
    expect([page.status, (await page.text()).includes("<html")]).toEqual([200, true]);
    const board = await readJson(get("/queues/api/queues", basic("admin", PASSWORD)));
    const names = board.queues.map(({ name }: { name: string }) => name);
    expect(names).toEqual(["schedule", "pull", "deliver", "writer-tiny"]);
    // A browser sends a password by itself, also when another site makes it ask.
    const pause = (headers: Record<string, string>) =>
      fetch(`${server.address}/queues/api/queues/pull/pause`, { method: "PUT", headers });
    expect((await pause(basic("admin", PASSWORD))).status).toBe(403);
    const own = { ...basic("admin", PASSWORD), Origin: server.address };
    expect((await pause(own)).status).toBe(200);
  });

  test("asks for an administrator's token where there is no password", async () => {
    const { queues } = fixture;
    const config = { ...fixture.config, adminPassword: "" };
    const app = makeApp({
      ...{ config, queues, metrics: openMetrics(config, queues) },
      redisState: async () => THERE,
      isStopping: () => false,
    });
    const ask = async (headers: Record<string, string>) =>
      (await app.request("/queues/api/queues", { headers })).status;
    expect(await ask({})).toBe(401);
    expect(await ask(basic("admin", ""))).toBe(401);
    const officer = addToken(config, { name: "officer", role: "officer" });
    expect(await ask({ Authorization: `Bearer ${officer.secret}` })).toBe(403);
    const admin = addToken(config, { name: "admin", role: "admin" });
    expect(await ask({ Authorization: `Bearer ${admin.secret}` })).toBe(200);
  });

  test("hands out published files as their manifest has them, and nothing else", async () => {
    const [list] = await readJson(get("/published"));
    expect(list).toMatchObject({
      pipeline: "tiny",
      published: [{ period: "2018-06", latest: true }],
    });
    const { run } = list.published[0];
    for (const path of ["report.html", "ranking.xlsx", "data/rank.parquet", "manifest.json"]) {
      const response = await get(`/published/tiny/2018-06/${run}/${path}`);
      const bytes = Buffer.from(await response.arrayBuffer());
      expect(createHash("sha256").update(bytes).digest("hex"), path).toBe(
        createHash("sha256")
          .update(readFileSync(join(folder, path)))
          .digest("hex"),
      );
    }
    const latest = await get("/published/tiny/latest/latest/report.json");
    expect(latest.headers.get("cache-control")).toBe("public, no-cache");
    const etag = latest.headers.get("etag") as string;
    const again = await get("/published/tiny/latest/latest/report.json", { "If-None-Match": etag });
    expect(again.status).toBe(304);
    for (const path of [
      "/published/tiny/2018-06/latest/nothing.txt",
      "/published/tiny/2018-05/latest/report.html",
      "/published/nobody/latest/latest/report.html",
      `/published/tiny/2018-06/${run}/..%2f..%2f..%2fworking.duckdb`,
      "/published/tiny/2018-06/latest/%2fetc%2fpasswd",
      "/published/tiny/2018-06/..%2f..%2f/pseudonym.key",
      "/nowhere",
    ]) {
      expect((await get(path)).status, path).toBe(404);
    }
  });

  test("says so when its address is taken", async () => {
    const port = Number(new URL(server.address).port);
    const app = makeApp({
      ...{ config: fixture.config, queues: fixture.queues },
      metrics: openMetrics(fixture.config, fixture.queues),
      redisState: async () => THERE,
      isStopping: () => false,
    });
    await expect(startServer(app, "127.0.0.1", port)).rejects.toThrow("EADDRINUSE");
  });
});
