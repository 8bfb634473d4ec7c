import { createHmac } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Context } from "../../src/context.ts";
import { writeCertificate } from "../../src/record/certificate.ts";
import { pushAgain, pushResults } from "../../src/record/outbox.ts";
import { findRecord, showRecord } from "../../src/record/records.ts";
import { settleRecords } from "../../src/record/settle.ts";
import { readRecordRules } from "../../src/standard/record-rules.ts";
import type { Store } from "../../src/store/store.ts";
import { openWorld, setAsOf } from "../measure/small-world.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const FOLDER = mkdtempSync(join(tmpdir(), "zhengxin-record-"));
const DESK = {
  dataDir: FOLDER,
  pipeline: {
    office: {
      title: { zh: "市信用办公室", en: "City Credit Office" },
      mark: "信办",
      known_as: ["D1"],
    },
    report: {
      title: { zh: "排名", en: "Ranking" },
      levels: [],
      synthetic: { zh: "合成", en: "synthetic" },
    },
  },
  rules: readRecordRules(ROOT, ["credit-repair"]),
  names: new Map(),
};
let store: Store;
let line = 0;
const event = (event: string, on: string, more: Record<string, unknown> = {}) => {
  line += 1;
  return {
    record_key: `event-number-${line}`,
    entity_id: "D1",
    of_record: "r",
    event,
    occurred_at: `${on} 00:00:00`,
    actor_body: "D1",
    document_no: `no ${line}`,
    source_id: "inbox",
    line,
    valid_from: on,
    known_from: `${on} 12:00:00`,
    ...more,
  };
};

beforeAll(async () => {
  store = await openWorld({
    dishonesty_record: [
      {
        record_key: "r",
        entity_id: "D1",
        severity: "serious",
        decided_on: "2026-04-10",
        state_on: "2026-04-10",
        source_id: "records",
        known_from: "2026-04-11 00:00:00",
      },
    ],
    record_event: [
      event("apply_repair", "2026-06-01", { correction_done: true, commitment_made: true }),
      // Order 36: a serious record is published for a year at least.
      event("repair", "2027-04-09"),
      event("repair", "2027-04-10"),
    ],
  });
  await settleRecords({
    store,
    workspace: ROOT,
    pipeline: { rules: ["credit-repair"] },
  } as unknown as Context);
});
afterAll(() => {
  store.close();
  rmSync(FOLDER, { recursive: true });
});

async function stateAt(asOf: string) {
  await setAsOf(store, asOf);
  return findRecord(store, "r");
}

test("a repair before the shortest period is over is refused, on its day it holds", async () => {
  expect(await stateAt("2026-06-02 00:00:00")).toMatchObject({
    state: "published",
    repair_state: "applied",
    earliest_repair_on: "2027-04-10",
    publication_ends_on: "2029-04-10",
  });
  expect((await stateAt("2027-04-10 11:00:00")).state).toBe("published");
  const repaired = await stateAt("2027-04-10 12:00:00");
  expect(repaired).toMatchObject({ state: "repaired", state_on: "2027-04-10" });
  const { certificate, folder } = writeCertificate(
    DESK,
    repaired,
    (await showRecord(store, repaired)).events,
  );
  expect(certificate).toMatchObject({
    head: {
      // 8 hexadecimal digits of the sha-256 of ["certificate",["records","event-number-3"]], by sha256sum.
      number: "信办修〔2027〕E0A1A9CB号",
      office: { zh: "市信用办公室", en: "City Credit Office" },
      issued_on: "2027-04-10",
      addressee: { zh: "D1", en: "D1" },
      synthetic: true,
    },
    // The record is of April 2026, under Order 36, which has been in force since the first.
    earliest_repair_on: "2027-04-10",
    earliest_by: { zh: "国家发展改革委令第36号" },
    record: "r",
    applied_on: "2026-06-01",
    repaired_on: "2027-04-10",
    decision_no: "no 3",
  });
  const html = readFileSync(join(folder, "certificate.html"), "utf8");
  const [zh = "", en = ""] = html.split('<section lang="en">');
  for (const text of [
    "信用修复证明",
    "2027年4月10日",
    "市信用办公室",
    "此处加盖公章",
    "不具任何效力",
    "国家发展改革委令第36号",
  ]) {
    expect(zh).toContain(text);
  }
  for (const text of ["Certificate of Credit Repair", "10 April 2027", "place of the seal"]) {
    expect(en).toContain(text);
  }
  // The record's key is for the office's own files; documents name documents.
  expect(html).not.toContain(">r<");
  expect(JSON.parse(readFileSync(join(folder, "certificate.json"), "utf8"))).toEqual(certificate);
});

test("there is no certificate for a record that is not repaired", async () => {
  const record = await stateAt("2026-06-02 00:00:00");
  const { events } = await showRecord(store, record);
  expect(() => writeCertificate(DESK, record, events)).toThrow("was not repaired here");
});

describe("pushing results back", () => {
  const taken = new Map<string, string>();
  const calls: { key: string; body: string; signed: boolean }[] = [];
  let server: Server;
  let platform: { url: string; secret_file: string };

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (part) => {
        body += part;
      });
      request.on("end", () => {
        const key = request.headers["idempotency-key"] as string;
        const sum = createHmac("sha256", "a secret of the test")
          .update(`${request.headers["x-zhengxin-timestamp"]}.${body}`)
          .digest("hex");
        calls.push({
          key,
          body,
          signed: request.headers["x-zhengxin-signature"] === `sha256=${sum}`,
        });
        if (!taken.has(key)) taken.set(key, body);
        // It has the result, but the answer is lost twice.
        if (calls.length === 1) return request.socket.destroy();
        response.statusCode = calls.length === 2 ? 502 : 200;
        response.end();
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const secret_file = join(FOLDER, "secret");
    writeFileSync(secret_file, "a secret of the test\n");
    platform = {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/results`,
      secret_file,
    };
  });
  afterAll(() => server.close());

  test("a result whose answer is lost is sent again under the same key, and taken once", async () => {
    await setAsOf(store, "2027-04-11 00:00:00");
    const push = (now: string) =>
      pushResults({
        atDatabase: (work) => work(store),
        dataDir: FOLDER,
        platform,
        sources: ["inbox"],
        now,
        seconds: 1_800_000_000,
      });
    expect(await push("2027-04-11 08:00:00")).toMatchObject({ queued: 1, sent: 0, failed: 1 });
    // Before its wait is over it is left alone.
    expect(await push("2027-04-11 08:00:30")).toMatchObject({ queued: 0, sent: 0, failed: 0 });
    expect(await push("2027-04-11 08:01:00")).toMatchObject({ queued: 0, sent: 0, failed: 1 });
    expect(await push("2027-04-11 08:03:00")).toMatchObject({ queued: 0, sent: 1, failed: 0 });
    expect(await push("2027-04-12 08:00:00")).toMatchObject({ queued: 0, sent: 0, failed: 0 });
    expect(calls.map(({ signed }) => signed)).toEqual([true, true, true]);
    expect(new Set(calls.map(({ key, body }) => `${key} ${body}`)).size).toBe(1);
    expect([...taken.values()].map((body) => JSON.parse(body))).toEqual([
      expect.objectContaining({
        event_id: "event-number-3",
        record: "r",
        event: "repair",
        state_after: "repaired",
      }),
    ]);
  });

  test("a result that the platform refuses for good is set aside, until somebody has it sent again", async () => {
    await setAsOf(store, "2027-04-11 00:00:00");
    await store.run("DELETE FROM record.outbox");
    let status = 422;
    const receiver = createServer((request, response) => {
      request.resume();
      request.on("end", () => response.writeHead(status).end());
    });
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void receiver.close());
    const secret_file = join(FOLDER, "secret");
    writeFileSync(secret_file, "not-a-real-secret");
    const { port } = receiver.address() as AddressInfo;
    const push = (now: string) =>
      pushResults({
        atDatabase: (work) => work(store),
        dataDir: FOLDER,
        platform: { url: `http://127.0.0.1:${port}/`, secret_file },
        sources: ["inbox"],
        now,
        seconds: 1_800_000_000,
      });
    const refused = {
      sent: 0,
      failed: 1,
      refused: 1,
      error: "接收方答复 422。The receiver answered 422.",
    };
    expect(await push("2027-04-11 08:00:00")).toMatchObject(refused);
    status = 200;
    expect(await push("2027-04-13 08:00:00")).toMatchObject({ sent: 0, failed: 0 });
    expect(await pushAgain(store, "2027-04-13 08:00:00")).toBe(1);
    expect(await push("2027-04-13 08:00:00")).toMatchObject({ sent: 1, failed: 0 });
  });

  test("what the platform told itself is not told back, and without a platform results are laid down", async () => {
    await setAsOf(store, "2027-04-11 00:00:00");
    const push = (sources: string[]) =>
      pushResults({
        atDatabase: (work) => work(store),
        dataDir: FOLDER,
        platform: undefined,
        sources,
        now: "2027-04-13 08:00:00",
        seconds: 0,
      });
    expect(await push(["elsewhere"])).toMatchObject({ queued: 0, sent: 0 });
    await store.run("DELETE FROM record.outbox");
    expect(await push(["inbox"])).toMatchObject({ queued: 1, sent: 1 });
    await store.run("DELETE FROM record.outbox");
    expect(await push(["inbox"])).toMatchObject({ queued: 1, sent: 1 });
    expect(readdirSync(join(FOLDER, "outbox"))).toHaveLength(1);
  });
});
