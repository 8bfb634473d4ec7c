import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Config } from "../../src/config.ts";
import { SILENT } from "../../src/context.ts";
import { findPublished } from "../../src/publish/find-published.ts";
import { openPublished } from "../../src/publish/open-published.ts";
import { restateMonths } from "../../src/restate.ts";
import { verifyPublished } from "../../src/verify.ts";
import { readPublished, removeFolders } from "../end-to-end/tiny-workspace.ts";
import { eventOf, makeRecordCity, runJune, submit } from "./tiny-records.ts";

const EAST = "999901";
const REQUEST = { pipeline: "tiny", period: "2018-06", log: pino({ level: "silent" }) };

async function publishJune(config: Config, asOf: string) {
  const { context } = await runJune(config, asOf);
  context.store.close();
  return findPublished(join(config.dataDir, "tiny"), "tiny", {
    period: "2018-06",
    run: context.runId,
  });
}

async function ask<T>(folder: string, sql: string): Promise<T[]> {
  const store = await openPublished({ memory: "256MB", threads: 1 }, folder);
  try {
    return await store.rows<T>(sql);
  } finally {
    store.close();
  }
}

const scoreOf = async (folder: string) =>
  (
    await ask<{ score: number }>(
      folder,
      `SELECT score FROM published.rank WHERE period = '2018-06' AND entity_id = '${EAST}'`,
    )
  )[0]?.score as number;

afterAll(removeFolders);

describe("an objection that succeeds", () => {
  let config: Config;
  let before: string;
  let meanwhile: string;
  let unchanged: Record<string, string>;
  let restated: Awaited<ReturnType<typeof restateMonths>>;

  beforeAll(async () => {
    config = makeRecordCity();
    before = await publishJune(config, "2018-07-10 00:00:00");
    unchanged = await readPublished(before);
    submit(config, eventOf("dispute", "2018-07-12"), "2018-07-12 09:00:00");
    meanwhile = await publishJune(config, "2018-07-13 00:00:00");
    submit(config, eventOf("revoke", "2018-07-16"), "2018-07-16 10:00:00");
    restated = await restateMonths(config, { ...REQUEST, asOf: "2018-07-17 00:00:00" });
  });

  test("is marked beside the record meanwhile, and counts by the standard's rule", async () => {
    const records = await ask(
      meanwhile,
      `SELECT record_key, state, disputed, CAST(publication_ends_on AS VARCHAR) AS ends, publication_ends_by AS by
       FROM published.dishonesty_record WHERE entity_id = '${EAST}'`,
    );
    expect(records).toEqual([
      {
        record_key: "D1",
        state: "disputed",
        disputed: true,
        ends: "2021-05-10",
        by: "before-order-58",
      },
    ]);
    expect(
      await ask(
        meanwhile,
        "SELECT DISTINCT detail, disputed FROM published.contribution_detail WHERE detail = 'D1'",
      ),
    ).toEqual([{ detail: "D1", disputed: true }]);
    const html = readFileSync(join(meanwhile, "report.html"), "utf8");
    expect(html).toMatch(/D1 <mark>.*异议中.*disputed.*<\/mark>/);
    expect(await scoreOf(meanwhile)).toBe(await scoreOf(before));
  });

  test("restates the month: 10 points halved after a month come back, and a notice says so", async () => {
    expect(
      restated.map(({ decision, periods }) => [
        decision.event,
        periods.map(({ period }) => period),
      ]),
    ).toEqual([["revoke", ["2018-06"]]]);
    const after = findPublished(join(config.dataDir, "tiny"), "tiny", {
      period: "2018-06",
      asOf: "2018-07-17 00:00:00",
    });
    expect((await scoreOf(after)) - (await scoreOf(before))).toBe(5);
    const [notice] = restated;
    const own = notice?.periods[0]?.changes.find(({ entity_id }) => entity_id === EAST);
    expect(own).toMatchObject({ score_before: 51.5, score: 56.5 });
    expect(notice?.periods[0]?.why).toContainEqual({
      node_id: "dishonesty",
      title_zh: "失信扣分",
      title_en: "Dishonesty records",
      moved: 5,
    });
    const html = readFileSync(join(notice?.folder ?? "", "notice.html"), "utf8");
    for (const text of [
      "更正公告",
      "Correction Notice",
      "51.50",
      "56.50",
      "synthetic revoke 2018-07-16",
      "2018年7月13日",
      "此处加盖公章",
    ]) {
      expect(html).toContain(text);
    }
    // The record is revoked: the notice names the decision, not the record.
    expect(html).not.toMatch(/\bD1\b/);
    // Nor do the published tables: its events go with it.
    expect(
      await ask(after, `SELECT event FROM published.record_event WHERE record_key = 'D1'`),
    ).toEqual([]);
    expect(
      await ask(
        after,
        `SELECT record_key FROM published.dishonesty_record WHERE entity_id = '${EAST}'`,
      ),
    ).toEqual([]);
  });

  test("leaves the old figure as it was, found by its as-of time; and there is nothing more to restate", async () => {
    const old = findPublished(join(config.dataDir, "tiny"), "tiny", {
      period: "2018-06",
      asOf: "2018-07-10 00:00:00",
    });
    expect(old).toBe(before);
    expect(await readPublished(old)).toEqual(unchanged);
    expect(await restateMonths(config, { ...REQUEST, asOf: "2018-07-18 00:00:00" })).toEqual([]);
  });

  test("can be rebuilt from the raw files, events included", async () => {
    const dataDir = join(config.dataDir, "tiny");
    const folder = findPublished(dataDir, "tiny", {
      period: "2018-06",
      asOf: "2018-07-17 00:00:00",
    });
    const found = await verifyPublished(
      config,
      { dataDir, folder },
      { log: REQUEST.log, progress: SILENT },
    );
    expect(found.rebuiltOtherwise).toEqual([]);
  });
});

test("frozen: the record is left out while it is disputed, and counts again when it is upheld", async () => {
  const config = makeRecordCity({ disputed: "frozen" });
  const before = await publishJune(config, "2018-07-10 00:00:00");
  submit(config, eventOf("dispute", "2018-06-29"), "2018-07-12 09:00:00");
  const meanwhile = await publishJune(config, "2018-07-13 00:00:00");
  expect((await scoreOf(meanwhile)) - (await scoreOf(before))).toBe(5);
  submit(config, eventOf("uphold", "2018-07-16"), "2018-07-16 09:00:00");
  const [notice] = await restateMonths(config, { ...REQUEST, asOf: "2018-07-17 00:00:00" });
  expect(notice?.decision.event).toBe("uphold");
  const after = findPublished(join(config.dataDir, "tiny"), "tiny", {
    period: "2018-06",
    asOf: "2018-07-17 00:00:00",
  });
  expect(await scoreOf(after)).toBe(await scoreOf(before));
});

test("an event handed in twice is one event, and an illegal one is set aside", async () => {
  const config = makeRecordCity();
  const first = submit(config, eventOf("uphold", "2018-07-01"), "2018-07-01 09:00:00");
  expect(submit(config, eventOf("uphold", "2018-07-01"), "2018-07-02 09:00:00")).toMatchObject({
    event_id: first.event_id,
    state: "known",
  });
  expect(readdirSync(join(first.file, ".."))).toHaveLength(1);
  expect(existsSync(first.file)).toBe(true);
  const { context } = await runJune(config, "2018-07-10 00:00:00", "conform");
  const aside = await context.store.rows<{ message_zh: string }>(
    "SELECT message_zh FROM known.set_aside WHERE reason = 'illegal-event'",
  );
  context.store.close();
  expect(aside).toEqual([
    {
      message_zh:
        "不能维持：记录当前状态为“公示中”，可以：提出异议、撤销、申请修复、不予修复、修复。",
    },
  ]);
});
