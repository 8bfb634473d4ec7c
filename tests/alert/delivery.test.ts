import { createHmac } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type DeliveryContext, deliverAlerts } from "../../src/alert/deliver.ts";
import { raiseTestAlert } from "../../src/alert/life-cycle.ts";
import type { ChannelFile } from "../../src/standard/alert-channels.ts";
import { Store } from "../../src/store/store.ts";
import { openMailServer, openReceiver } from "./receivers.ts";

const SECRET = "not-a-real-secret";
let store: Store;
let folder: string;
beforeEach(async () => {
  store = await Store.open(":memory:", { memory: "256MB", threads: 1 });
  folder = mkdtempSync(join(tmpdir(), "alerts-"));
  writeFileSync(join(folder, "secret"), `${SECRET}\n`);
});
afterEach(() => store.close());

const NOON = "2019-01-10 12:00:00";
const raise = (now = NOON, entity = "370285") =>
  raiseTestAlert(store, { actor: "credit-office", now }, entity, "finance-bureau");

function deliver(channels: ChannelFile, now = NOON, more: Partial<DeliveryContext> = {}) {
  return deliverAlerts({
    atDatabase: (work) => work(store),
    dataDir: folder,
    channels,
    now,
    seconds: 1_547_092_800,
    timeout: 2000,
    audienceOf: () => "public",
    ...more,
  });
}

const outbox = () =>
  store.rows<{ channel: string; state: string; attempts: number; not_before: string }>(
    "SELECT channel, state, attempts, CAST(not_before AS VARCHAR) AS not_before FROM warn.outbox ORDER BY channel, message_id",
  );

const file = { id: "file", kind: "file", folder: "alerts", at_least: "yellow" } as const;

test("a file is written once, named by the key", async () => {
  const alert = await raise();
  expect(await deliver({ channels: [file] })).toMatchObject({ queued: 1, sent: 1, failed: 0 });
  expect(await deliver({ channels: [file] })).toMatchObject({ queued: 0, sent: 0 });
  const names = readdirSync(join(folder, "alerts"));
  expect(names).toHaveLength(1);
  const written = JSON.parse(readFileSync(join(folder, "alerts", names[0] as string), "utf8"));
  expect(`${written.key}.json`).toBe(names[0]);
  expect(written.alerts[0]).toMatchObject({
    alert_id: alert.alert_id,
    entity_id: "370285",
    level: "yellow",
    kind: "raised",
  });
  expect(written.alerts[0].message_id).toBe(written.key);
});

test("e-mail arrives at a real server, in both languages, with a Message-ID made from the key", async () => {
  const server = await openMailServer();
  try {
    await raise();
    const outcome = await deliver({
      channels: [
        {
          id: "mail",
          kind: "email",
          at_least: "yellow",
          host: "127.0.0.1",
          port: server.port,
          secure: false,
          from: "alerts@example.org",
          to: ["a@example.org", "b@example.org"],
        },
      ],
    });
    expect(outcome).toMatchObject({ sent: 1, failures: [] });
    const [mail] = server.mails;
    expect(mail?.to).toEqual(["a@example.org", "b@example.org"]);
    const key = (await store.row<{ message_id: string }>("SELECT message_id FROM warn.outbox"))
      ?.message_id;
    expect(mail?.text).toContain(`Message-ID: <${key}@zhengxin.invalid>`);
    const [head = "", ...rest] = mail?.text.split("\r\n\r\n") ?? [];
    const body = rest.join("\r\n\r\n");
    const plain = /base64/i.test(head)
      ? Buffer.from(body, "base64").toString("utf8")
      : Buffer.from(
          body
            .replace(/=\r\n/g, "")
            .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
          "latin1",
        ).toString("utf8");
    expect(plain).toContain("这是一条测试预警，无须处置。");
    expect(plain).toContain("This is a test alert; nothing needs to be done.");
  } finally {
    await server.close();
  }
});

describe("the webhook", () => {
  const channel = (url: string) =>
    ({
      id: "hook",
      kind: "webhook",
      at_least: "yellow",
      url,
      secret_file: join(folder, "secret"),
    }) as const;

  test("is signed over the time and the body, and carries its key", async () => {
    const receiver = await openReceiver(() => ({ status: 204, body: "" }));
    try {
      await raise();
      await deliver({ channels: [channel(receiver.url)] });
      const [got] = receiver.received;
      const expected = createHmac("sha256", SECRET).update(`1547092800.${got?.body}`).digest("hex");
      expect(got?.headers["x-zhengxin-signature"]).toBe(`sha256=${expected}`);
      expect(got?.headers["x-zhengxin-timestamp"]).toBe("1547092800");
      expect(got?.headers["idempotency-key"]).toBe(JSON.parse(got?.body ?? "{}").key);
    } finally {
      await receiver.close();
    }
  });

  test("is tried again with doubling waits, under the same key, until it is taken", async () => {
    const receiver = await openReceiver((count) => ({ status: count < 3 ? 503 : 200, body: "" }));
    try {
      await raise();
      const channels = { channels: [channel(receiver.url)] };
      expect(await deliver(channels)).toMatchObject({
        sent: 0,
        failed: 1,
        failures: [{ error: "接收方答复 503。The receiver answered 503." }],
      });
      expect(await outbox()).toMatchObject([
        { state: "queued", attempts: 1, not_before: "2019-01-10 12:01:00" },
      ]);
      // Before its time it is left alone.
      expect(await deliver(channels, "2019-01-10 12:00:30")).toMatchObject({ sent: 0, failed: 0 });
      await deliver(channels, "2019-01-10 12:01:00");
      expect(await outbox()).toMatchObject([{ attempts: 2, not_before: "2019-01-10 12:03:00" }]);
      expect(await deliver(channels, "2019-01-10 12:03:00")).toMatchObject({ sent: 1 });
      expect(new Set(receiver.received.map(({ headers }) => headers["idempotency-key"])).size).toBe(
        1,
      );
      expect(receiver.received).toHaveLength(3);
    } finally {
      await receiver.close();
    }
  });

  test("a dead channel blocks no other, and a message is given up after twelve failures", async () => {
    await raise();
    const dead = channel("http://127.0.0.1:9/");
    const channels = { channels: [dead, file] };
    expect(await deliver(channels)).toMatchObject({ sent: 1, failed: 1 });
    for (let day = 11; day < 30; day++) await deliver(channels, `2019-01-${day} 12:00:00`);
    expect(await outbox()).toMatchObject([
      { channel: "file", state: "sent" },
      { channel: "hook", state: "failed", attempts: 12 },
    ]);
  });
});

test("WeCom takes Markdown, and its refusal counts though it says 200", async () => {
  const receiver = await openReceiver((count) => ({
    status: 200,
    body:
      count === 1
        ? '{"errcode":45009,"errmsg":"api freq out of limit"}'
        : '{"errcode":0,"errmsg":"ok"}',
  }));
  try {
    await raise();
    const channels: ChannelFile = {
      channels: [{ id: "wecom", kind: "wecom", at_least: "yellow", url: receiver.url }],
    };
    expect((await deliver(channels)).failures[0]?.error).toContain("errcode 45009");
    expect(await deliver(channels, "2019-01-10 12:05:00")).toMatchObject({ sent: 1 });
    const body = JSON.parse(receiver.received[1]?.body ?? "{}");
    expect(Object.keys(body)).toEqual(["msgtype", "markdown"]);
    expect(body.msgtype).toBe("markdown");
    expect(body.markdown.content).toContain(
      "**【黄色】新预警：370285 | New alert: 370285 (yellow)**",
    );
    expect(Buffer.byteLength(body.markdown.content)).toBeLessThanOrEqual(4096);
  } finally {
    await receiver.close();
  }
});

test("DingTalk is signed in the address as its robots want it", async () => {
  const receiver = await openReceiver(() => ({ status: 200, body: '{"errcode":0}' }));
  try {
    await raise();
    await deliver({
      channels: [
        {
          id: "ding",
          kind: "dingtalk",
          at_least: "yellow",
          url: `${receiver.url}?access_token=t`,
          secret_file: join(folder, "secret"),
        },
      ],
    });
    const query = new URL(receiver.received[0]?.path ?? "", receiver.url).searchParams;
    expect(query.get("access_token")).toBe("t");
    expect(query.get("timestamp")).toBe("1547092800000");
    expect(query.get("sign")).toBe(
      createHmac("sha256", SECRET).update(`1547092800000\n${SECRET}`).digest("base64"),
    );
    const body = JSON.parse(receiver.received[0]?.body ?? "{}");
    expect(body).toMatchObject({ msgtype: "markdown" });
    expect(Object.keys(body.markdown)).toEqual(["title", "text"]);
  } finally {
    await receiver.close();
  }
});

describe("times", () => {
  test("quiet hours hold a message until their end, but not one of the level excepted", async () => {
    await raise("2019-01-10 23:30:00");
    const quiet = {
      channels: [file],
      quiet_hours: { from: "22:00", to: "07:30", except: "red" as const },
    };
    expect(await deliver(quiet, "2019-01-10 23:30:00")).toMatchObject({ queued: 1, sent: 0 });
    expect(await outbox()).toMatchObject([{ not_before: "2019-01-11 07:30:00" }]);
    expect(await deliver(quiet, "2019-01-11 07:29:59")).toMatchObject({ sent: 0 });
    expect(await deliver(quiet, "2019-01-11 07:30:00")).toMatchObject({ sent: 1 });
    await store.run("UPDATE warn.alert_event SET level = 'red'");
    await store.run("DELETE FROM warn.outbox");
    expect(await deliver(quiet, "2019-01-11 23:30:00")).toMatchObject({ queued: 1, sent: 1 });
  });

  test("a digest sends everything since as one message at its time of day", async () => {
    await raise("2019-01-10 09:00:00", "370202");
    const digest: ChannelFile = { channels: [{ ...file, digest: "08:00" }] };
    await deliver(digest, "2019-01-10 09:00:00");
    await raise("2019-01-10 15:00:00", "370203");
    expect(await deliver(digest, "2019-01-10 15:00:00")).toMatchObject({ queued: 1, sent: 0 });
    expect(await deliver(digest, "2019-01-11 08:00:00")).toMatchObject({ sent: 2 });
    const names = readdirSync(join(folder, "alerts"));
    expect(names).toHaveLength(1);
    const { alerts } = JSON.parse(readFileSync(join(folder, "alerts", names[0] as string), "utf8"));
    expect(alerts.map(({ entity_id }: { entity_id: string }) => entity_id)).toEqual([
      "370202",
      "370203",
    ]);
  });

  test("a channel carries only its owners' alerts, and none milder than it wants", async () => {
    await raise();
    const none = { queued: 0, sent: 0 };
    expect(await deliver({ channels: [{ ...file, owners: ["hotline-centre"] }] })).toMatchObject(
      none,
    );
    expect(await deliver({ channels: [{ ...file, at_least: "orange" }] })).toMatchObject(none);
    expect(await deliver({ channels: [{ ...file, owners: ["finance-bureau"] }] })).toMatchObject({
      sent: 1,
    });
  });
});
