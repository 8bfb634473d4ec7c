import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { addDeliveries, reviewDeliveries } from "../../src/queue/deliveries.ts";
import { startWorkers } from "../../src/queue/worker.ts";
import { Store } from "../../src/store/store.ts";
import { openReceiver } from "../alert/receivers.ts";
import { eventOf, submit, takeEvents } from "../record/tiny-records.ts";
import { openQueueFixture, type QueueFixture, SILENT_LOG } from "./queue-fixture.ts";
import { NO_REDIS, useTestRedis } from "./test-redis.ts";

async function atOutbox<T>({ config }: QueueFixture, work: (store: Store) => Promise<T>) {
  const store = await Store.open(join(config.dataDir, "tiny", "working.duckdb"), config);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}
const readOutbox = (fixture: QueueFixture) =>
  atOutbox(fixture, (store) =>
    store.rows<{ message_id: string; state: string; attempts: number }>(
      "SELECT message_id, state, attempts FROM record.outbox ORDER BY queued_at, message_id",
    ),
  );

describe.skipIf(NO_REDIS)("results of a queued run", () => {
  const redis = useTestRedis();

  test("go to the platform by jobs, each once under its key; a platform that is away holds up no run", async () => {
    // Twice the platform is away, in between it is not asked.
    const platform = await openReceiver((count) => ({ status: count <= 1 ? 503 : 200, body: "" }));
    onTestFinished(() => void platform.close());
    const fixture = await openQueueFixture(redis, {
      prepare: (workspace) => takeEvents(workspace),
    });
    const { config, queues } = fixture;
    mkdirSync(join(config.workspace, "pipelines/records"));
    writeFileSync(join(config.workspace, "pipelines/records/secret"), "not-a-real-secret\n");
    writeFileSync(
      join(config.workspace, "pipelines/records/platform.yaml"),
      `{ url: "${platform.url}", secret_file: secret }\n`,
    );
    submit(config, eventOf("dispute", "2018-07-02"), "2018-07-06 08:00:00");
    submit(config, eventOf("revoke", "2018-07-04"), "2018-07-06 08:00:01");
    submit(config, eventOf("withdraw", "2018-07-05"), "2018-07-06 08:00:02");
    const workers = startWorkers(config, queues, SILENT_LOG);
    const run = await fixture.add();
    await fixture.finish(run);
    while (platform.received.length === 0 || (await atWork(queues.deliver))) await sleep(50);
    await workers.close(30);
    // The first was tried and failed; the one behind it waits as long, and that does not count against it.
    const waiting = await readOutbox(fixture);
    expect(waiting.map(({ state, attempts }) => `${state} ${attempts}`).sort()).toEqual([
      "queued 0",
      "queued 1",
    ]);
    expect(platform.received).toHaveLength(1);
    // It is tried again by itself, and looked after besides.
    expect(await queues.deliver.getDelayedCount()).toBeGreaterThan(0);
    await reviewDeliveries(config, queues);
    const watched = await queues.deliver.getJobSchedulers();
    expect(watched.map(({ key }) => key)).toEqual(["tiny.tiny.@platform"]);

    // The wait is over.
    await atOutbox(fixture, (store) =>
      store.run("UPDATE record.outbox SET not_before = TIMESTAMP '2018-07-06 00:00:00'"),
    );
    const again = startWorkers(config, queues, SILENT_LOG);
    for (const occasion of ["again", "again", "once-more"]) {
      await addDeliveries(config, queues, run.pipeline, occasion);
    }
    while (platform.received.length < 3 || (await atWork(queues.deliver))) await sleep(50);
    await again.close(30);
    const sent = await readOutbox(fixture);
    expect(sent.map(({ state }) => state)).toEqual(["sent", "sent"]);
    const took = platform.received.slice(1).map(({ headers }) => headers["idempotency-key"]);
    expect(took.toSorted()).toEqual(sent.map(({ message_id }) => message_id).toSorted());
    const said = platform.received.map(({ body }) => JSON.parse(body).event);
    expect(said).toEqual(["revoke", "revoke", "withdraw"]);
    expect(platform.received[1]?.body).toBe(platform.received[0]?.body);
    await fixture.close();
  });
});

/** Whether a delivery is at work or about to be; those for later do not count. */
async function atWork(queue: {
  getJobCounts(...states: string[]): Promise<Record<string, number>>;
}) {
  const { active = 0, waiting = 0 } = await queue.getJobCounts("active", "waiting");
  return active + waiting > 0;
}
