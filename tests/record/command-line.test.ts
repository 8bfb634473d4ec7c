import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Config } from "../../src/config.ts";
import { openReceiver } from "../alert/receivers.ts";
import { removeFolders, tinyEnvironment } from "../end-to-end/tiny-workspace.ts";
import { makeRecordCity, runJune } from "./tiny-records.ts";

// The verbs of `zhengxin record`, each as somebody types it. D1 is East Lake's serious record, published since 15 May 2018.

const PROGRAM = join(import.meta.dirname, "..", "..", "src", "cli", "zhengxin.js");
const AT = "2018-07-06 08:00:00";

let config: Config;
let platform: Awaited<ReturnType<typeof openReceiver>>;

beforeAll(async () => {
  config = makeRecordCity();
  // Away at first, there from the second request on.
  platform = await openReceiver((count) => ({ status: count === 1 ? 503 : 200, body: "" }));
  const folder = join(config.workspace, "pipelines", "records");
  mkdirSync(folder);
  writeFileSync(join(folder, "secret"), "not-a-real-secret\n");
  writeFileSync(join(folder, "platform.yaml"), `{ url: "${platform.url}", secret_file: secret }\n`);
  (await runJune(config, "2018-07-05 00:00:00")).context.store.close();
}, 600_000);
afterAll(async () => {
  await platform.close();
  removeFolders();
});

interface Told {
  readonly code: number;
  // biome-ignore lint/suspicious/noExplicitAny: checked field by field
  readonly out: any;
  readonly error: string;
}

/** Runs a verb; what it says is read as JSON. */
function record(verb: string, words: readonly string[], at = AT): Promise<Told> {
  const environment = { ...process.env, ...tinyEnvironment(config.workspace, config.dataDir) };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [PROGRAM, "record", verb, ...words, "--pipeline", "tiny", "--at", at, "--json"],
      { env: environment, cwd: config.workspace },
      (error, stdout, stderr) => {
        resolve({
          code: error === null ? 0 : Number(error.code),
          out: stdout.trim() === "" ? undefined : JSON.parse(stdout),
          error: stderr,
        });
      },
    );
  });
}
const inbox = () => {
  const folder = join(config.dataDir, "tiny", "inbox", "record-inbox");
  return existsSync(folder) ? readdirSync(folder) : [];
};
const DISPUTE = ["D1", "dispute", "--by", "999901", "--responsible", "999902"];

test("a record is listed, disputed, decided by a file of events, shown, and its result pushed once", async () => {
  const published = await record("list", ["--entity", "999901", "--state", "published"]);
  expect(published).toMatchObject({ code: 0, out: [{ record_key: "D1", state: "published" }] });

  const disputed = await record("apply", [...DISPUTE, "--on", "2018-07-02"]);
  expect(disputed).toMatchObject({
    code: 0,
    out: { events: [{ state: "disputed", receipt: "received" }], pushed: { queued: 0, sent: 0 } },
  });
  const again = await record("apply", [...DISPUTE, "--on", "2018-07-03"]);
  expect(again.code).toBe(1);
  expect(`${again.error}${JSON.stringify(again.out ?? "")}`).toContain("the record is disputed");
  expect(inbox()).toHaveLength(1);

  // Two decisions of one objection: the second comes too late.
  const events = join(config.workspace, "events.csv");
  writeFileSync(
    events,
    "record,entity,event,occurred_at,actor_body,document_no\n" +
      "D1,999901,revoke,2018-07-04,synthetic-credit-office,synthetic 1\n" +
      "D1,999901,uphold,2018-07-05,synthetic-credit-office,synthetic 2\n",
  );
  const decided = await record("apply-file", [events]);
  expect(decided).toMatchObject({
    code: 1,
    out: {
      events: [
        { state: "revoked" },
        {
          refused: { en: expect.stringContaining("the record is revoked; possible are: withdraw") },
        },
      ],
      // The platform is away: that undoes nothing.
      pushed: {
        queued: 1,
        sent: 0,
        failed: 1,
        error: "接收方答复 503。The receiver answered 503.",
      },
    },
  });
  expect(inbox()).toHaveLength(3);

  const shown = await record("show", ["D1"]);
  expect(shown).toMatchObject({
    code: 0,
    out: {
      record: { state: "revoked" },
      events: [{ event: "dispute" }, { event: "revoke", document_no: "synthetic 1" }],
      possible: ["withdraw"],
    },
  });

  const later = "2018-07-06 09:00:00";
  expect(await record("push", [], later)).toMatchObject({ code: 0, out: { queued: 0, sent: 1 } });
  expect(await record("push", [], later)).toMatchObject({ code: 0, out: { queued: 0, sent: 0 } });
  expect(platform.received).toHaveLength(2);
  expect(platform.received[1]?.body).toBe(platform.received[0]?.body);
  expect(JSON.parse(platform.received[1]?.body ?? "{}")).toMatchObject({
    ...{ record: "D1", event: "revoke", state_after: "revoked" },
  });

  const journal = readFileSync(join(config.dataDir, "tiny", "audit", "journal.ndjson"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line))
    .map(({ action, target, detail }) => `${action} ${target} ${detail.outcome}`);
  expect(journal).toEqual([
    "record.dispute D1 done",
    "record.revoke D1 done",
    "record.uphold D1 refused",
  ]);
}, 600_000);

test("nothing of a file is taken when a line cannot be read, nor what would have been known too early", async () => {
  const before = inbox().length;
  const events = join(config.workspace, "faulty.ndjson");
  writeFileSync(
    events,
    `${JSON.stringify({ record: "D1", entity: "999901", event: "withdraw", occurred_at: "2018-07-05", actor_body: "office" })}\n{"record":\n`,
  );
  const faulty = await record("apply-file", [events]);
  expect(faulty.code).toBe(1);
  expect(`${faulty.error}${JSON.stringify(faulty.out ?? "")}`).toContain("faulty.ndjson:2:");
  const early = await record("apply", [...DISPUTE, "--on", "2018-06-20"], "2018-07-04 08:00:00");
  expect(early.code).toBe(1);
  const unknown = await record("show", ["nobody"]);
  expect(unknown.code).toBe(1);
  expect(`${unknown.error}${JSON.stringify(unknown.out ?? "")}`).toContain('no record \\"nobody');
  expect(inbox()).toHaveLength(before);
}, 600_000);
