import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { deliverAgain, deliverAlerts } from "../../src/alert/deliver.ts";
import { raiseTestAlert } from "../../src/alert/life-cycle.ts";
import type { ChannelFile } from "../../src/standard/alert-channels.ts";
import { Store } from "../../src/store/store.ts";
import { openMailServer, openReceiver } from "./receivers.ts";

let store: Store;
let folder: string;
beforeEach(async () => {
  store = await Store.open(":memory:", { memory: "256MB", threads: 1 });
  folder = mkdtempSync(join(tmpdir(), "alerts-"));
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const NOON = "2019-01-10 12:00:00";
const raise = (now: string, entity: string) =>
  raiseTestAlert(store, { actor: "credit-office", now }, entity, "finance-bureau");

/** Three alerts, a second apart. */
async function raiseThree() {
  for (const at of [1, 2, 3]) await raise(`2019-01-10 11:00:0${at}`, `37020${at}`);
}

const deliver = (channels: ChannelFile["channels"], now = NOON) =>
  deliverAlerts({
    atDatabase: (work) => work(store),
    dataDir: folder,
    channels: { channels },
    now,
    seconds: 1_547_092_800,
    timeout: 2000,
    audienceOf: () => "public",
  });

const states = () =>
  store.rows<{ state: string; error: string | null }>(
    "SELECT state, last_error AS error FROM warn.outbox o JOIN warn.alert_event e USING (event_id) ORDER BY e.occurred_at",
  );

const wecom = (url: string) => ({ id: "w", kind: "wecom", at_least: "yellow", url }) as const;
const ok = { status: 200, body: '{"errcode":0}' };

describe("what a receiver refuses for good is set aside, and the channel goes on", () => {
  test.each([
    ["WeCom", 40058, "errcode 40058, a parameter is not allowed"],
    ["DingTalk", 430104, "errcode 430104, the content is thought improper"],
    ["Feishu", 19024, "code 19024, the content has none of the keywords"],
  ] as const)("%s %i", async (robot, code, said) => {
    const refusal =
      robot === "Feishu"
        ? { status: 400, body: `{"code":${code},"msg":"no"}` }
        : { status: 200, body: `{"errcode":${code},"errmsg":"no"}` };
    const welcome = { status: 200, body: robot === "Feishu" ? '{"code":0}' : '{"errcode":0}' };
    const receiver = await openReceiver((count) => (count === 2 ? refusal : welcome));
    await raiseThree();
    const channel = { ...wecom(receiver.url), kind: robot.toLowerCase() };
    const channels = [channel] as unknown as ChannelFile["channels"];
    const outcome = await deliver(channels);
    expect(outcome).toMatchObject({ sent: 2, failed: 1, refused: 1 });
    expect(outcome.failures[0]?.error).toContain(said);
    expect((await states()).map(({ state }) => state)).toEqual(["sent", "refused", "sent"]);
    // It is not tried again by itself, but when somebody says so.
    expect(await deliver(channels, "2019-01-12 12:00:00")).toMatchObject({ sent: 0, failed: 0 });
    expect(await deliverAgain(store, "2019-01-12 12:00:00")).toBe(1);
    expect(await deliver(channels, "2019-01-12 12:00:00")).toMatchObject({ sent: 1 });
    await receiver.close();
  });

  test.each([
    ["a robot that is told too much", '{"errcode":45009}'],
    ["a robot whose key is wrong", '{"errcode":93000}'],
    ["an answer without a code", "{}"],
    ["an answer that is no JSON", "<html>"],
    ["a code nobody knows", '{"errcode":98765,"errmsg":"strange thing"}'],
  ])("%s keeps all messages for later", async (_, body) => {
    const receiver = await openReceiver(() => ({ status: 200, body }));
    await raiseThree();
    expect(await deliver([wecom(receiver.url)])).toMatchObject({ sent: 0, failed: 3, refused: 0 });
    expect(receiver.received).toHaveLength(1);
    expect(new Set((await states()).map(({ state }) => state))).toEqual(new Set(["queued"]));
    await receiver.close();
  });

  test("an SMTP 5xx to a message's content or receivers; a receiver among others is told", async () => {
    const server = await openMailServer({
      rejectData: (text) => text.includes("370202"),
      rejectReceiver: (address) => address === "gone@example.org",
    });
    const mail = (to: string[]) =>
      ({
        id: to.join("-").replace(/\W/g, ""),
        kind: "email",
        at_least: "yellow",
        host: "127.0.0.1",
        port: server.port,
        secure: false,
        from: "alerts@example.org",
        to,
      }) as const;
    await raiseThree();
    const outcome = await deliver([mail(["a@example.org"])]);
    expect(outcome).toMatchObject({ sent: 2, refused: 1 });
    expect(outcome.failures[0]?.error).toContain("550 no such content here");
    const none = { ...mail(["gone@example.org"]), since: "2019-01-01" };
    expect(await deliver([none])).toMatchObject({ sent: 0, refused: 3 });
    const one = { ...mail(["gone@example.org", "b@example.org"]), since: "2019-01-01" };
    expect(await deliver([one])).toMatchObject({
      sent: 2,
      failures: [
        {
          error: "邮件服务器拒绝了 2 个收件人中的 1 个。The mail server refused 1 of 2 receivers.",
        },
      ],
    });
    await server.close();
  });

  test("a digest with one message that is refused is taken apart, and the others arrive", async () => {
    const receiver = await openReceiver((_, body) =>
      body.includes("370202") ? { status: 200, body: '{"errcode":40058}' } : ok,
    );
    await raiseThree();
    const daily = { ...wecom(receiver.url), digest: "12:00" };
    expect(await deliver([daily])).toMatchObject({ sent: 0, failed: 3, refused: 0 });
    expect(await deliver([daily])).toMatchObject({ sent: 2, refused: 1 });
    expect((await states()).map(({ state }) => state)).toEqual(["sent", "refused", "sent"]);
    await receiver.close();
  });
});

test("a failure says its cause", async () => {
  await raise("2019-01-10 11:00:00", "370202");
  const { failures } = await deliver([wecom("http://127.0.0.1:9/")]);
  expect(failures[0]?.error).toMatch(/fetch failed: .*(ECONNREFUSED|bad port)/);
});

test("a digest that a robot cannot take as one goes out in parts; nothing is left out", async () => {
  const receiver = await openReceiver(() => ok);
  for (let at = 0; at < 40; at++) {
    const minute = String(at).padStart(2, "0");
    await raise(`2019-01-10 11:${minute}:00`, `3702${minute}`);
  }
  const daily = { ...wecom(receiver.url), digest: "12:00" };
  expect(await deliver([daily])).toMatchObject({ sent: 40, failed: 0 });
  const contents = receiver.received.map(({ body }) => JSON.parse(body).markdown.content as string);
  expect(contents.length).toBeGreaterThan(1);
  for (const content of contents) expect(Buffer.byteLength(content)).toBeLessThanOrEqual(4096);
  const told = contents.join("\n").match(/New alert: 3702\d\d/g);
  expect(new Set(told).size).toBe(40);
  expect(told).toHaveLength(40);
  await receiver.close();
});

test("a digest goes out again under its key and with its content, whatever has happened since", async () => {
  const receiver = await openReceiver((count) => (count === 1 ? { status: 500, body: "" } : ok));
  const daily = { ...wecom(receiver.url), digest: "12:00" };
  await raise("2019-01-10 11:00:00", "370202");
  await raise("2019-01-10 11:30:00", "370203");
  expect(await deliver([daily])).toMatchObject({ sent: 0, failed: 2 });
  await raise("2019-01-10 11:45:00", "370211");
  await store.run("UPDATE warn.alert_event SET message_zh = '改过了', level = 'red'");
  expect(await deliver([daily], "2019-01-11 12:00:00")).toMatchObject({ sent: 3 });
  const [first, again, later] = receiver.received.map(({ body }) => body);
  expect(again).toBe(first);
  expect(later).toContain("370211");
  expect(later).not.toContain("370202");
  await receiver.close();
});

test("a channel that is added begins with now, or with the day it says; the first ones carry everything", async () => {
  const file = (id: string, more: object = {}) =>
    ({ id, kind: "file", folder: id, at_least: "yellow", ...more }) as const;
  await raiseThree();
  expect(await deliver([file("first")])).toMatchObject({ queued: 3, sent: 3 });
  expect(await deliver([file("first"), file("second")])).toMatchObject({ queued: 0, sent: 0 });
  expect(await deliver([file("third", { since: "2019-01-10" })])).toMatchObject({ sent: 3 });
  await raise("2019-01-10 12:30:00", "370211");
  const both = [file("first"), file("second")];
  expect(await deliver(both, "2019-01-10 12:31:00")).toMatchObject({ queued: 2, sent: 2 });
  expect(readdirSync(join(folder, "second"))).toHaveLength(1);
});

test("signs of Markdown in what is told are no Markdown, and titles are cut", async () => {
  const receiver = await openReceiver(() => ok);
  await raise("2019-01-10 11:00:00", "370202");
  const trap = "# [点此](http://example.org/x) <@all> **粗** `x` ~~y~~\n> 引用 R&D &#42;";
  await store.run("UPDATE warn.alert_event SET message_zh = $trap", { trap });
  const long = "甲".repeat(300);
  await store.run("UPDATE warn.alert_raised SET entity_id = $long", { long });
  await deliver([{ ...wecom(receiver.url), id: "d", kind: "dingtalk" }]);
  const { title, text } = JSON.parse(receiver.received[0]?.body ?? "{}").markdown;
  expect([...title]).toHaveLength(64);
  const line = text.split("\n").find((each: string) => each.includes("点此"));
  expect(line).toBe(
    "> ＃ ［点此］(http://example.org/x) ＜@all＞ ＊＊粗＊＊ ｀x｀ ～～y～～ ＞ 引用 R&D ＆＃42;",
  );
  await receiver.close();
});

test("a card of Feishu has title and text in their places, and is signed as its page says", async () => {
  const receiver = await openReceiver(() => ({ status: 200, body: '{"code":0,"msg":"success"}' }));
  await raise("2019-01-10 11:00:00", "370202");
  await store.run("UPDATE warn.alert_event SET message_zh = '1. 甲', message_en = '- One'");
  const secret_file = join(folder, "feishu-secret");
  writeFileSync(secret_file, "s3cret\n");
  await deliver([{ ...wecom(receiver.url), id: "f", kind: "feishu", secret_file }]);
  const { timestamp, sign, msg_type, card } = JSON.parse(receiver.received[0]?.body ?? "{}");
  expect(msg_type).toBe("interactive");
  expect(card.header.title.content).toMatch(/^【.+】/);
  expect(card.elements[0].content.split("\n").slice(1, 3)).toEqual(["1． 甲", "－ One"]);
  const key = `${timestamp}\ns3cret`;
  expect(sign).toBe(
    execFileSync("openssl", ["dgst", "-sha256", "-hmac", key, "-binary"], { input: "" }).toString(
      "base64",
    ),
  );
  await receiver.close();
});

test("a single message that is too long for a robot loses words, not its end or its like", async () => {
  const receiver = await openReceiver(() => ok);
  await raise("2019-01-10 11:00:00", "370202");
  await store.run("UPDATE warn.alert_event SET message_zh = $long, message_en = $long", {
    long: "债务".repeat(2000),
  });
  await deliver([wecom(receiver.url)]);
  const { content } = JSON.parse(receiver.received[0]?.body ?? "{}").markdown;
  expect(Buffer.byteLength(content)).toBeLessThanOrEqual(4000);
  expect(content).toMatch(/……\n> 债务.*……\n> 2019-01-10 11:00:00 `\w+`$/s);
  await receiver.close();
});
