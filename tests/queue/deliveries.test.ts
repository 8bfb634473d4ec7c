import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { raiseTestAlert } from "../../src/alert/life-cycle.ts";
import { addDeliveries, deliver, reviewDeliveries } from "../../src/queue/deliveries.ts";
import { startWorkers } from "../../src/queue/worker.ts";
import { openWriter } from "../../src/queue/writer.ts";
import { Store } from "../../src/store/store.ts";
import { openReceiver } from "../alert/receivers.ts";
import { addDebtWarnings } from "./debt-warnings.ts";
import { openQueueFixture, SILENT_LOG } from "./queue-fixture.ts";
import { NO_REDIS, useTestRedis } from "./test-redis.ts";

/** Accepts connections and never answers. */
async function openDeadServer() {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => server.closeAllConnections());
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}

interface Message {
  readonly channel: string;
  readonly message_id: string;
  readonly state: string;
  readonly attempts: number;
}

describe.skipIf(NO_REDIS)("alerts of a queued run", () => {
  const redis = useTestRedis();

  test("go out by jobs, once each under their key; a dead channel blocks neither the run nor the others", async () => {
    const good = await openReceiver(() => ({ status: 200, body: "{}" }));
    onTestFinished(() => void good.close());
    const dead = await openDeadServer();
    const fixture = await openQueueFixture(redis, { pipeline: "warnings: [debt]" });
    const { workspace, dataDir } = fixture.config;
    addDebtWarnings(workspace);
    mkdirSync(join(workspace, "pipelines/alerts"));
    writeFileSync(join(workspace, "pipelines/alerts/secret"), "not-a-real-secret\n");
    writeFileSync(
      join(workspace, "pipelines/alerts/channels.yaml"),
      `channels:
  - { id: dead, kind: webhook, url: "${dead}", secret_file: secret }
  - { id: good, kind: webhook, url: "${good.url}", secret_file: secret }
`,
    );
    await reviewDeliveries(fixture.config, fixture.queues);
    // Nothing has run yet: looking after its alerts would make an empty database.
    expect(await fixture.queues.deliver.getJobSchedulers()).toEqual([]);
    const workers = startWorkers(fixture.config, fixture.queues, SILENT_LOG);
    const run = await fixture.add();
    await fixture.finish(run);
    while (good.received.length === 0) await sleep(50);
    // The same occasion again, and another one: nothing is sent twice.
    await addDeliveries(fixture.config, fixture.queues, run.pipeline, "again");
    await addDeliveries(fixture.config, fixture.queues, run.pipeline, "again");
    while (await left(fixture.queues.deliver)) await sleep(50);
    await workers.close(30);
    const store = await Store.open(join(dataDir, "tiny", "working.duckdb"), fixture.config);
    const outbox = await store.rows<Message>(
      "SELECT channel, message_id, state, attempts FROM warn.outbox ORDER BY channel, message_id",
    );
    store.close();
    const [waiting, sent] = ["dead", "good"].map((id) => outbox.filter((m) => m.channel === id));
    expect(sent?.length).toBeGreaterThan(0);
    expect(sent?.every(({ state, attempts }) => state === "sent" && attempts === 1)).toBe(true);
    const keys = good.received.map(({ headers }) => headers["idempotency-key"]);
    expect(keys.toSorted()).toEqual(sent?.map(({ message_id }) => message_id));
    expect(waiting).toHaveLength(sent?.length as number);
    expect(waiting?.every(({ state, attempts }) => state === "queued" && attempts >= 1)).toBe(true);
    await reviewDeliveries(fixture.config, fixture.queues);
    const watched = await fixture.queues.deliver.getJobSchedulers();
    expect(watched.map(({ key }) => key).sort()).toEqual(["tiny.dead", "tiny.good"]);
    await fixture.close();
  }, 90_000);
});

describe.skipIf(NO_REDIS)(
  "civil times of deliveries are the pipeline's, whatever the machine's",
  () => {
    const redis = useTestRedis();

    // Berlin leaps from 2:00 to 3:00 at 01:00 UTC on 31 March 2019, and goes back from 3:00 to 2:00 at 01:00 UTC on 27 October.
    test.each([
      ["a winter's night", "2019-01-10T00:30:00Z", "2019-01-10T01:30:00Z"],
      ["the night that leaps over their end", "2019-03-31T00:30:00Z", "2019-03-31T01:00:00Z"],
      [
        "the night that shows their end twice, at first",
        "2019-10-27T00:15:00Z",
        "2019-10-27T00:30:00Z",
      ],
      ["the same, for the second time", "2019-10-27T01:10:00Z", "2019-10-27T01:30:00Z"],
    ])(
      "quiet hours until half past two end in time in %s",
      async (_, at, ends) => {
        const fixture = await openQueueFixture(redis, { pipeline: "warnings: [debt]" });
        const { workspace, dataDir } = fixture.config;
        const file = join(workspace, "pipelines/tiny.yaml");
        writeFileSync(file, readFileSync(file, "utf8").replace("Asia/Shanghai", "Europe/Berlin"));
        addDebtWarnings(workspace);
        mkdirSync(join(workspace, "pipelines/alerts"));
        writeFileSync(
          join(workspace, "pipelines/alerts/channels.yaml"),
          `channels: [{ id: file, kind: file, audience: internal }]
quiet_hours: { from: "01:00", to: "02:30" }
`,
        );
        const store = await Store.open(join(dataDir, "tiny", "working.duckdb"), fixture.config);
        const act = { actor: "office", now: "2019-01-01 00:00:00" };
        await raiseTestAlert(store, act, "370202", "finance-bureau");
        store.close();
        const writer = openWriter(fixture.config, fixture.redis);
        const { config, queues } = fixture;
        const desk = { config, queues, redis: fixture.redis, writer, log: SILENT_LOG };
        const data = { pipeline: "tiny", jurisdiction: "tiny", channel: "file" };
        const sent = () => {
          const folder = join(dataDir, "tiny", "alerts");
          return existsSync(folder) ? readdirSync(folder).length : 0;
        };
        await deliver({ ...desk, clock: () => new Date(at) }, data);
        expect(sent()).toBe(0);
        const [later] = await fixture.queues.deliver.getDelayed();
        expect(later?.opts.delay).toBe(Date.parse(ends) - Date.parse(at));
        await deliver({ ...desk, clock: () => new Date(Date.parse(ends) - 1000) }, data);
        expect(sent()).toBe(0);
        await deliver({ ...desk, clock: () => new Date(ends) }, data);
        expect(sent()).toBe(1);
        await writer.close();
        await fixture.close();
      },
      90_000,
    );
  },
);

/** Whether a delivery is at work or about to be; those for later do not count. */
async function left(queue: { getJobCounts(...states: string[]): Promise<Record<string, number>> }) {
  const { active = 0, waiting = 0 } = await queue.getJobCounts("active", "waiting");
  return active + waiting > 0;
}
