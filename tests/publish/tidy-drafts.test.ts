import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { listOldLogs, openLogStream, tidyLogs } from "../../src/log-files.ts";
import { listPublished } from "../../src/publish/find-published.ts";
import { findPipeline } from "../../src/standard/workspace.ts";
import { planTidy, tidyRuns } from "../../src/tidy.ts";
import { planDrafts, tidyDrafts } from "../../src/tidy-drafts.ts";
import {
  copyTinyCity,
  makeFolder,
  removeFolders,
  runTiny,
  tinyConfig,
} from "../end-to-end/tiny-workspace.ts";

afterAll(removeFolders);

const RUN_TABLES = ["scores.run", "scores.run_begun", "scores.rank", "facts.run_computation"];

test("what was scored and never published goes after its time, once a newer run of its period was begun", async () => {
  const workspace = copyTinyCity();
  const config = tinyConfig(workspace);
  const run = async (day: string, through: "score" | "publish") => {
    const { context } = await runTiny(
      config,
      { period: "2018-06", asOf: `2018-07-${day} 00:00:00` },
      through,
    );
    return context;
  };
  const first = await run("10", "publish");
  first.store.close();
  const draft = await run("11", "score");
  draft.store.close();
  const published = await run("12", "publish");
  published.store.close();
  const newest = await run("13", "score");
  const { store, dataDir } = newest;
  // Begun on four days that are told apart; all of them a year ago.
  for (const [at, { runId }] of [first, draft, published, newest].entries()) {
    const begun = `2025-01-0${at + 1} 09:00:00`;
    await store.run(
      "UPDATE scores.run_begun SET begun_at = CAST($begun AS TIMESTAMP) WHERE run_id = $run",
      { begun, run: runId },
    );
  }
  const own = findPipeline(workspace, "tiny");
  const plan = async (now: string, drafts_days?: number) => {
    const keep = { superseded_runs: 12, superseded_days: 90, jobs_days: 90 };
    const kept = drafts_days === undefined ? own : { ...own, keep: { ...keep, drafts_days } };
    return (await planDrafts(store, dataDir, kept, now)).map((one) => one.run);
  };
  // Begun on 2 January, it is kept for 90 days without a word, and for as many as the pipeline says.
  expect(await plan("2025-04-01 00:00:00")).toEqual([]);
  expect(await plan("2025-04-02 00:00:00")).toEqual([draft.runId]);
  expect(await plan("2025-01-09 00:00:00", 8)).toEqual([]);
  expect(await plan("2025-01-10 00:00:00", 8)).toEqual([draft.runId]);
  // A published run that was tidied away is no draft: its row is still asked for.
  const kept = { superseded_runs: 0, superseded_days: 0, jobs_days: 90, drafts_days: 90 };
  const go = planTidy(dataDir, { ...own, keep: kept }, "2999-01-01 00:00:00");
  expect(go.go.map((one) => one.run)).toEqual([first.runId]);
  await tidyRuns(store, dataDir, "tiny", go);
  const planned = await planDrafts(store, dataDir, own, "2026-01-01 00:00:00");
  expect(planned).toEqual([
    {
      period: "2018-06",
      run: draft.runId,
      asOf: "2018-07-11 00:00:00",
      begun: "2025-01-02 09:00:00",
    },
  ]);
  await tidyDrafts(store, planned, "2026-01-01 00:00:00");
  const runsIn = async (table: string) => {
    const rows = await store.rows<{ run_id: string }>(`SELECT DISTINCT run_id FROM ${table}`);
    return rows.map(({ run_id }) => run_id).toSorted();
  };
  const left = [published.runId, newest.runId].toSorted();
  const [runs, begun, ...others] = await Promise.all(RUN_TABLES.map(runsIn));
  expect(runs).toEqual([first.runId, ...left].toSorted());
  expect(begun).toEqual(runs);
  for (const table of others) expect(table).toEqual(left);
  // Runs of a program that did not write down when: from now on.
  await store.run("DELETE FROM scores.run_begun");
  expect(await plan("2026-01-01 00:00:00", 1)).toEqual([]);
  await tidyDrafts(store, [], "2026-01-01 00:00:00");
  expect(await plan("2026-06-01 00:00:00", 1)).toEqual([]);
  expect(await runsIn("scores.run_begun")).toEqual(runs);
  store.close();
  expect(listPublished(dataDir, "tiny").map((one) => one.run)).toEqual([published.runId]);
  expect(await planDraftsAgain()).toEqual([]);

  async function planDraftsAgain() {
    const again = await run("13", "score");
    const drafts = await planDrafts(again.store, dataDir, own, "2026-01-01 00:00:00");
    again.store.close();
    return drafts;
  }
});

test("files of the log are of a day each, go after their time, and a long one of Redis goes on in a new one", () => {
  const dataDir = makeFolder();
  const logFolder = join(dataDir, "logs");
  const config = { dataDir, logFolder, logDays: 90 };
  const today = new Date().toISOString().slice(0, 10);
  openLogStream(config).write("a line\n");
  openLogStream(config).write("another\n");
  expect(readFileSync(join(logFolder, `zhengxin-${today}.log`), "utf8")).toBe("a line\nanother\n");
  const dayAgo = (days: number) =>
    new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
  mkdirSync(join(dataDir, "redis"));
  const old = [
    join(logFolder, `zhengxin-${dayAgo(91)}.log`),
    join(dataDir, "redis", `redis-${dayAgo(91)}-1.log`),
  ];
  const young = join(logFolder, `zhengxin-${dayAgo(90)}.log`);
  const strange = join(logFolder, "notes-2001-01-01.log");
  for (const file of [...old, young, strange]) writeFileSync(file, "12345");
  writeFileSync(join(dataDir, "redis", "redis.log"), "x".repeat(1_000_001));
  expect(listOldLogs(config)).toEqual(old.map((file) => ({ file, bytes: 5 })));
  expect(existsSync(old[0] as string)).toBe(true);
  expect(tidyLogs(config).map(({ file }) => file)).toEqual(old);
  expect(readdirSync(logFolder).sort()).toEqual(
    ["notes-2001-01-01.log", `zhengxin-${today}.log`, `zhengxin-${dayAgo(90)}.log`].sort(),
  );
  expect(readdirSync(join(dataDir, "redis"))).toEqual([`redis-${today}.log`]);
  expect(listOldLogs(config)).toEqual([]);
});
