import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
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
import { copyTinyCity, tinyConfig, tinyEnvironment } from "../end-to-end/tiny-workspace.ts";
import { addDebtWarnings } from "./debt-warnings.ts";
import { openQueueFixture, SILENT_LOG } from "./queue-fixture.ts";
import { NO_REDIS, type TestRedis, useTestRedis } from "./test-redis.ts";

const PROGRAM = join(import.meta.dirname, "..", "..", "src", "cli", "zhengxin.js");

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
        const { fixture, writer, desk } = await openBerlin(
          redis,
          `channels: [{ id: file, kind: file, audience: internal }]
quiet_hours: { from: "01:00", to: "02:30" }
`,
        );
        const { dataDir } = fixture.config;
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
        expect(sent()).toBe(2);
        await writer.close();
        await fixture.close();
      },
      90_000,
    );

    test.each([
      ["a winter's night", "2019-01-10T00:30:00Z", "2019-01-10T01:30:00Z", []],
      ["the night that leaps over it", "2019-03-31T00:30:00Z", "2019-03-31T01:00:00Z", []],
      [
        "the night that shows it twice",
        "2019-10-27T00:15:00Z",
        "2019-10-27T00:30:00Z",
        ["2019-10-27T01:30:00Z"],
      ],
    ])(
      "a digest at half past two arrives once in %s",
      async (_, at, due, after) => {
        const receiver = await openReceiver(() => ({ status: 200, body: '{"errcode":0}' }));
        onTestFinished(() => void receiver.close());
        const { fixture, writer, desk } = await openBerlin(
          redis,
          `channels: [{ id: robot, kind: wecom, audience: internal, url: "${receiver.url}", digest: "02:30" }]
`,
        );
        const data = { pipeline: "tiny", jurisdiction: "tiny", channel: "robot" };
        const deliverAt = (moment: number) =>
          deliver({ ...desk, clock: () => new Date(moment) }, data);
        await deliverAt(Date.parse(at));
        const [later] = await fixture.queues.deliver.getDelayed();
        expect(later?.opts.delay).toBe(Date.parse(due) - Date.parse(at));
        await deliverAt(Date.parse(due) - 1000);
        expect(receiver.received).toEqual([]);
        await deliverAt(Date.parse(due));
        for (const moment of after) await deliverAt(Date.parse(moment));
        const [body, ...more] = receiver.received.map((one) => one.body);
        expect(more).toEqual([]);
        for (const entity of ["370202", "370203"]) expect(body).toContain(entity);
        await writer.close();
        await fixture.close();
      },
      90_000,
    );
  },
);

test("a process that is killed while it delivers sends the same again, under the same key", async () => {
  const config = tinyConfig(copyTinyCity());
  const { workspace, dataDir } = config;
  let child: ChildProcess | undefined;
  const receiver = await openReceiver((count) => {
    // What was sent has arrived, and nobody will have written it down.
    if (count === 1) child?.kill("SIGKILL");
    return { status: 200, body: "{}" };
  });
  onTestFinished(() => void receiver.close());
  const file = join(workspace, "pipelines/tiny.yaml");
  writeFileSync(file, `${readFileSync(file, "utf8")}warnings: [debt]\n`);
  addDebtWarnings(workspace);
  writeChannels(
    workspace,
    `channels: [{ id: office, kind: webhook, audience: internal, url: "${receiver.url}", secret_file: secret, digest: "12:00" }]
`,
  );
  const store = await Store.open(join(dataDir, "tiny", "working.duckdb"), config);
  await raiseTwo(store);
  store.close();
  const send = async () => {
    child = spawn(process.execPath, [PROGRAM, "alert", "deliver", "--at", "2019-01-02 12:00:00"], {
      env: { ...process.env, ...tinyEnvironment(workspace, dataDir) },
      stdio: "ignore",
    });
    await once(child, "close");
    return child.signalCode ?? child.exitCode;
  };
  expect(await send()).toBe("SIGKILL");
  // Something more has happened before it goes out again.
  const between = await Store.open(join(dataDir, "tiny", "working.duckdb"), config);
  await raiseTestAlert(
    between,
    { actor: "office", now: "2019-01-02 11:00:00" },
    "370285",
    "finance-bureau",
  );
  between.close();
  expect(await send()).toBe(0);
  const [first, again] = receiver.received;
  expect(again?.headers["idempotency-key"]).toBe(first?.headers["idempotency-key"]);
  expect(again?.body).toBe(first?.body);
  expect(first?.body).toContain("370202");
  expect(first?.body).toContain("370203");
  const sent = receiver.received.length;
  expect(await send()).toBe(0);
  expect(receiver.received).toHaveLength(sent);
}, 180_000);

/** The tiny city in Berlin, with channels and two alerts of New Year, and what delivers them. */
async function openBerlin(redis: TestRedis, channels: string) {
  const fixture = await openQueueFixture(redis, { pipeline: "warnings: [debt]" });
  const { workspace, dataDir } = fixture.config;
  const file = join(workspace, "pipelines/tiny.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace("Asia/Shanghai", "Europe/Berlin"));
  addDebtWarnings(workspace);
  writeChannels(workspace, channels);
  const store = await Store.open(join(dataDir, "tiny", "working.duckdb"), fixture.config);
  await raiseTwo(store);
  store.close();
  const writer = openWriter(fixture.config, fixture.redis);
  const { config, queues } = fixture;
  const desk = { config, queues, redis: fixture.redis, writer, log: SILENT_LOG };
  return { fixture, writer, desk };
}

async function raiseTwo(store: Store): Promise<void> {
  const act = { actor: "office", now: "2019-01-01 00:00:00" };
  for (const entity of ["370202", "370203"])
    await raiseTestAlert(store, act, entity, "finance-bureau");
}

function writeChannels(workspace: string, text: string): void {
  mkdirSync(join(workspace, "pipelines/alerts"));
  writeFileSync(join(workspace, "pipelines/alerts/secret"), "not-a-real-secret\n");
  writeFileSync(join(workspace, "pipelines/alerts/channels.yaml"), text);
}

/** Whether a delivery is at work or about to be; those for later do not count. */
async function left(queue: { getJobCounts(...states: string[]): Promise<Record<string, number>> }) {
  const { active = 0, waiting = 0 } = await queue.getJobCounts("active", "waiting");
  return active + waiting > 0;
}
