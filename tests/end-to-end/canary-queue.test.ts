import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { addToken } from "../../src/serve/auth/token-file.ts";
import { PUBLIC_TEXTS } from "../../src/standard/public-texts.ts";
import { findPipeline, findSources } from "../../src/standard/workspace.ts";
import { openMailServer, openReceiver } from "../alert/receivers.ts";
import { addDebtWarnings } from "../queue/debt-warnings.ts";
import { openQueueFixture, type QueueFixture } from "../queue/queue-fixture.ts";
import { NO_REDIS, useTestRedis } from "../queue/test-redis.ts";
import { type MarkedCity, plantCity } from "./canary/city.ts";
import { findMarkers } from "./canary/markers.ts";
import { makeFolder } from "./tiny-workspace.ts";

describe.skipIf(NO_REDIS)("a marked city whose month comes by the queue", () => {
  const redis = useTestRedis();

  test("no marker stands in mails, webhooks, Redis, logs, metrics, or what SQL and pages answer to any role", async () => {
    const city = await plantCity(join(makeFolder(), "city"), "json");
    const mails = await openMailServer();
    const hook = await openReceiver(() => ({ status: 200, body: "{}" }));
    const fixture = await openQueueFixture(redis, {
      environment: { ZHENGXIN_LOG_LEVEL: "trace" },
      prepare: (workspace) => prepare(workspace, city, { mail: mails.port, hook: hook.url }),
      pipeline: "warnings: [debt]",
    });
    const up = fixture.spawn("up", "--port", "0");
    onTestFinished(async () => {
      await fixture.close();
      await mails.close();
      await hook.close();
    });
    const address = /http:\/\/[\d.]+:\d+/.exec(await up.printed("web"))?.[0] as string;
    await fixture.finish(await fixture.add());
    const deadline = performance.now() + 120_000;
    while (mails.mails.length * hook.received.length === 0 && performance.now() < deadline) {
      await sleep(100);
    }
    expect([mails.mails.length > 0, hook.received.length > 0]).toEqual([true, true]);
    const sent = [
      ...mails.mails.map(({ text }) => readMail(text)),
      ...hook.received.map(({ body }) => body),
    ];
    const kept: string[] = [];
    for (const key of await fixture.redis.keys("*")) kept.push(key, await readKey(fixture, key));
    // It has looked: jobs of every stage are there with their outcome.
    expect(kept.join("\n")).toMatch(/publish: files/);
    expect(up.log().length).toBeGreaterThan(1000);
    // They are read as a person reads them.
    expect(sent.join("\n")).toContain("New alert: West Hill");
    const markersIn = (texts: readonly string[]) =>
      city.markers.describe(findMarkers(texts.join("\n")));
    expect(markersIn(sent)).toEqual([]);
    expect(markersIn([up.log()])).toEqual([]);
    expect(markersIn(kept)).toEqual([]);
    const metrics = await (await fetch(`${address}/metrics`)).text();
    expect(metrics).toContain("zhengxin_job_duration_seconds");
    expect(markersIn([metrics])).toEqual([]);
    const answers = await askAll(fixture, address);
    expect(answers.join("").length).toBeGreaterThan(50_000);
    const shown = [...findMarkers(answers.join("\n"))].filter(
      (marker) => !isPublic(fixture, city, marker),
    );
    expect(city.markers.describe(shown)).toEqual([]);
  }, 600_000);
});

/** Puts the marked city in the place of the tiny one, with warnings and channels. */
function prepare(
  workspace: string,
  city: MarkedCity,
  to: { readonly mail: number; readonly hook: string },
): void {
  for (const source of readdirSync(join(workspace, "data-samples"))) {
    rmSync(join(workspace, "data-samples", source), { recursive: true });
  }
  cpSync(city.workspace, workspace, { recursive: true });
  addDebtWarnings(workspace);
  const folder = join(workspace, "pipelines/alerts");
  mkdirSync(folder);
  writeFileSync(join(folder, "secret"), "not-a-real-secret\n");
  writeFileSync(
    join(folder, "channels.yaml"),
    `channels:
  - { id: mail, kind: email, host: 127.0.0.1, port: ${to.mail}, from: a@example.org, to: [b@example.org], audience: internal }
  - { id: hook, kind: webhook, url: "${to.hook}", secret_file: secret, audience: internal }
`,
  );
}

/** Whether the data dictionary says that the text of a marker is public. */
function isPublic({ config }: QueueFixture, city: MarkedCity, marker: string): boolean {
  const place = city.markers.planted.get(marker);
  const sources = findSources(config.workspace, findPipeline(config.workspace, "tiny"));
  const kind = sources.find(({ source }) => source === place?.source)?.kind ?? "";
  return place?.core !== undefined && (PUBLIC_TEXTS[kind] ?? []).includes(place.core);
}

/** Every table by SQL, and pages of the running program, for each role. */
async function askAll({ config }: QueueFixture, address: string): Promise<string[]> {
  const texts: string[] = [];
  for (const role of ["analyst", "officer", "admin"] as const) {
    const { secret } = addToken(config, { name: role, role });
    const headers = { Authorization: `Bearer ${secret}`, "Content-Type": "application/json" };
    const ask = async (sql: string) => {
      const body = JSON.stringify({ sql, pipeline: "tiny" });
      const answer = await fetch(`${address}/api/sql`, { method: "POST", headers, body });
      const text = await answer.text();
      expect(answer.status, `${sql}: ${text.slice(0, 300)}`).toBe(200);
      return text;
    };
    const listed = await ask("SELECT table_name FROM information_schema.tables ORDER BY ALL");
    const tables = JSON.parse(listed).rows.flat() as string[];
    expect(tables.length).toBeGreaterThan(20);
    for (const table of tables) texts.push(await ask(`FROM "${table}"`));
    for (const path of ["/queues", "/api/months", "/tiny/alerts", "/tiny/quality"]) {
      texts.push(await (await fetch(`${address}${path}`, { headers })).text());
    }
  }
  return texts;
}

/** A mail with what is encoded in it, by base64 or with lines that are cut. */
function readMail(text: string): string {
  const parts = text
    .split(/\r?\n\r?\n/)
    .map((part) => Buffer.from(part, "base64").toString("utf8"));
  return [text, text.replace(/=\r?\n/g, ""), ...parts].join("\n");
}

/** A value of Redis as text, whatever its type. */
async function readKey({ redis }: QueueFixture, key: string): Promise<string> {
  const read: Record<string, () => Promise<unknown>> = {
    string: () => redis.get(key),
    hash: () => redis.hgetall(key),
    list: () => redis.lrange(key, 0, -1),
    set: () => redis.smembers(key),
    zset: () => redis.zrange(key, "0", "-1"),
    stream: () => redis.xrange(key, "-", "+"),
  };
  const type = await redis.type(key);
  // Marks of a short life may be gone by now.
  if (type === "none") return "";
  if (!(type in read)) throw new Error(`Redis holds a ${type}.`);
  return JSON.stringify(await read[type]?.());
}
