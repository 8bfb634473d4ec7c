import { createHash } from "node:crypto";
import { cpSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { tableFromIPC } from "apache-arrow";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Config } from "../../src/config.ts";
import { readCreditReport } from "../../src/credit-report/read-credit-report.ts";
import { publicDay } from "../../src/present.ts";
import { writeNoticedCsv } from "../../src/publish/csv.ts";
import { renderMonth } from "../../src/redact/render-month.ts";
import type { RenderingOrder } from "../../src/redact/render-process.ts";
import { makeApp } from "../../src/serve/app.ts";
import { addToken } from "../../src/serve/auth/token-file.ts";
import {
  makeFolder,
  publishedFolder,
  readTree,
  removeFolders,
} from "../end-to-end/tiny-workspace.ts";
import { eventOf, makeRecordCity, runJune, submit } from "../record/tiny-records.ts";

// East Lake's serious record D1 is of 10 May 2018: by the rules it is published for 36 months, so until 9 May 2021.
const LAST_DAY = "2021-05-09";
const OVER = "2021-05-10";

let config: Config;
let folder: string;
let today = LAST_DAY;
let app: ReturnType<typeof makeApp>;
let analyst: Record<string, string>;

beforeAll(async () => {
  config = makeRecordCity();
  submit(config, eventOf("dispute", "2018-07-02"), "2018-07-03 08:00:00");
  const result = await runJune(config, "2018-07-10 00:00:00");
  result.context.store.close();
  folder = publishedFolder(result);
  app = makeApp({ config, isStopping: () => false, today: () => today });
  const { secret } = addToken(config, { name: "a", role: "officer" });
  analyst = { Authorization: `Bearer ${secret}`, "Content-Type": "application/json" };
});
afterAll(removeFolders);

const page = async (form = "") => (await app.request(`/tiny/entity/999901${form}`)).text();
const ask = async (sql: string) => {
  const answer = await app.request("/api/sql", {
    ...{ method: "POST", headers: analyst, body: JSON.stringify({ pipeline: "tiny", sql }) },
  });
  // biome-ignore lint/suspicious/noExplicitAny: checked field by field
  return { status: answer.status, body: (await answer.json()) as any };
};
/** As Arrow the files are read another way. */
const countAsArrow = async (table: string) => {
  const sql = `SELECT count(*) AS n FROM ${table}`;
  const answer = await app.request("/api/sql", {
    method: "POST",
    headers: { ...analyst, Accept: "application/vnd.apache.arrow.stream" },
    body: JSON.stringify({ pipeline: "tiny", sql }),
  });
  expect(answer.headers.get("content-type")).toContain("arrow");
  return Number(
    tableFromIPC(new Uint8Array(await answer.arrayBuffer()))
      .getChild("n")
      ?.get(0),
  );
};
const sum = () =>
  createHash("sha256")
    .update(JSON.stringify(readTree(folder)))
    .digest("hex");

test("a record is shown to its last day and no longer, though the month was published before and its bytes stay", async () => {
  const bytes = sum();
  today = LAST_DAY;
  expect(JSON.parse(await page(".json")).dishonesty_records).toMatchObject([
    { record_key: "D1", publication_ends_on: OVER, disputed: true },
  ]);
  expect(await page()).toContain("D1");
  expect(
    (await ask("SELECT record_key FROM dishonesty_record WHERE record_key LIKE 'D%'")).body.rows,
  ).toEqual([["D1"]]);
  expect((await ask("SELECT event FROM record_event")).body.rows).toEqual([["dispute"]]);
  const before = await readCreditReport(folder, "999901", { memory: "300MB", threads: 1, today });
  expect(before.records.map(({ record_key }) => record_key)).toEqual(["D1"]);

  const [records, events] = [
    await countAsArrow("dishonesty_record"),
    await countAsArrow("record_event"),
  ];

  // Nobody did anything; it is the next day.
  today = OVER;
  expect(await countAsArrow("dishonesty_record")).toBe(records - 1);
  expect(await countAsArrow("record_event")).toBe(events - 1);
  const data = JSON.parse(await page(".json"));
  expect(data.dishonesty_records).toEqual([]);
  // What it counted for stays in the explanation, which record it was does not.
  expect(
    data.records.map(({ record, points }: { record: string; points: number }) => [record, points]),
  ).toContainEqual(["–", -5]);
  expect(await page()).not.toContain("D1");
  expect(
    (await ask("SELECT count(*) FROM dishonesty_record WHERE record_key = 'D1'")).body.rows,
  ).toEqual([[0]]);
  expect((await ask("SELECT count(*) FROM record_event")).body.rows).toEqual([[0]]);
  const around = await ask(
    "SELECT count(*) FROM published.dishonesty_record WHERE record_key = 'D1'",
  );
  expect(around.body.rows).toEqual([[0]]);
  const named = await ask(
    "SELECT record_key FROM item WHERE record_key = 'D1' UNION ALL SELECT detail FROM contribution_detail WHERE detail = 'D1' UNION ALL SELECT record_key FROM list_entry WHERE record_key = 'D1' UNION ALL SELECT record_key FROM restriction WHERE record_key = 'D1'",
  );
  expect(named.body.rows).toEqual([]);
  const after = await readCreditReport(folder, "999901", { memory: "300MB", threads: 1, today });
  expect({ records: after.records, events: after.record_events }).toEqual({
    ...{ records: [], events: [] },
  });
  expect(sum()).toBe(bytes);
  expect(readFileSync(join(folder, "report.json"), "utf8")).toContain("D1");
});

test("the data of a page that shows records is asked again, though its run is named", async () => {
  const run = folder.split("/").at(-1);
  const entity = await app.request(`/tiny/entity/999901.json?period=2018-06&run=${run}`);
  expect(entity.headers.get("cache-control")).toBe("public, no-cache");
  const ranking = await app.request(`/tiny/ranking.json?period=2018-06&run=${run}`);
  expect(ranking.headers.get("cache-control")).toBe("public, no-cache");
});

test("whoever asks for a month that is still being made is asked to come back, and never shown the month itself", async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  // Nothing here hangs on how long a rendering takes: it is written when the test says so.
  const write = async ({ places, lapsed }: RenderingOrder) => {
    await held;
    await renderMonth(places, lapsed);
  };
  const other = { ...config, dataDir: join(makeFolder(), "data") };
  cpSync(config.dataDir, other.dataDir, { recursive: true });
  rmSync(join(other.dataDir, "tiny", "redacted"), { recursive: true, force: true });
  const waiting = makeApp({
    ...{ config: other, isStopping: () => false, today: () => OVER, patience: 1, write },
  });
  try {
    for (const path of [
      "/tiny/entity/999901",
      "/tiny/entity/999901.json",
      "/published/tiny/2018-06/latest/report.json",
      "/tiny/index.csv",
    ]) {
      const answer = await waiting.request(path);
      expect([path, answer.status]).toEqual([path, 503]);
      expect(answer.headers.get("retry-after")).toBe("10");
      expect(await answer.text()).not.toContain("D1");
    }
    release();
    let answer = await waiting.request("/tiny/entity/999901.json");
    while (answer.status === 503) {
      await sleep(50);
      answer = await waiting.request("/tiny/entity/999901.json");
    }
    expect(answer.status).toBe(200);
    expect(JSON.parse(await answer.text()).redaction).toMatchObject({ records: 1, since: OVER });
  } finally {
    release();
    waiting.close();
  }
});

test("a page's CSV says in every row what was left out, and in one of its own where no row is left", async () => {
  const notices = async (path: string) => {
    const [head = "", ...rows] = (await (await app.request(path)).text()).trimEnd().split("\r\n");
    expect(head.split(",").at(-1)).toBe("notice");
    return rows.map((row) => row.includes("有 1 条记录已停止公示") && row.includes(OVER));
  };
  today = LAST_DAY;
  expect(new Set(await notices("/tiny/entity/999901.csv"))).toEqual(new Set([false]));
  today = OVER;
  expect(new Set(await notices("/tiny/entity/999901.csv"))).toEqual(new Set([true]));
  const bare = writeNoticedCsv(["a", "b"], [], { zh: "删减", en: "redacted" });
  expect(bare.slice(1)).toBe("a,b,notice\r\n,,删减 redacted\r\n");
  expect(writeNoticedCsv(["a"], [], null).slice(1)).toBe("a,notice\r\n");
});

test("the day is today's, and in an invented city that of its newest publication", () => {
  const pipeline = { time_zone: "Asia/Shanghai", example: { as_of: "2018-07-10 00:00:00" } };
  const invented = { ...pipeline, report: { synthetic: { zh: "合成", en: "synthetic" } } } as never;
  const dayOf = (definition: never, ...published: string[]) =>
    publicDay({ definition, runs: published.map((asOf) => ({ asOf })) });
  expect(dayOf(invented)).toBe("2018-07-10");
  expect(dayOf(invented, "2021-05-10 08:00:00", "2018-08-10 00:00:00")).toBe(OVER);
  const real = { ...pipeline, report: {} } as never;
  expect(dayOf(real) > "2026").toBe(true);
});
