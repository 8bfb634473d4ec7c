import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeWorkspace } from "../../src/cli/init.ts";
import { readConfig } from "../../src/config.ts";
import { type RunResult, runPipeline } from "../../src/run.ts";

/**
 * `zhengxin init` gives a workspace that runs as it is. The counts below were taken from the sample files with
 * another tool (Python's csv): of 30 complaints each, closed in time 27 / 24 / 22, resolved 30 / 26 / 25,
 * not dissatisfied 25 / 26 / 21, all signed for the same day.
 */
const folder = mkdtempSync(join(tmpdir(), "我的 城 "));
let result: RunResult;

beforeAll(async () => {
  const workspace = makeWorkspace(join(folder, "my-city"));
  const config = readConfig({ ZHENGXIN_WORKSPACE: workspace });
  result = await runPipeline(config, { pipeline: "my-city", log: pino({ level: "silent" }) });
});

afterAll(() => {
  result?.context.store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Goalposts 50 and 100 per cent. */
const share = (met: number) => ((met / 30) * 100 - 50) * 2;

test("every sample row is read, and the three districts are ranked", async () => {
  const { context, outcomes } = result;
  expect(outcomes.find(({ stage }) => stage === "conform")?.counts).toMatchObject({
    rows: 96,
    quarantined: 0,
  });
  const ranks = await context.store.rows<{ entity_id: string; rank: number; score: number }>(
    "SELECT entity_id, rank, score FROM scores.rank WHERE run_id = $run AND period = '2024-06' ORDER BY rank",
    { run: context.runId },
  );
  expect(ranks.map(({ entity_id, rank }) => [entity_id, rank])).toEqual([
    ["990101", 1],
    ["990102", 2],
    ["990103", 3],
  ]);
  const tree = (closed: number, resolved: number, satisfied: number) =>
    20 + 0.3 * share(closed) + 0.25 * share(resolved) + 0.25 * share(satisfied);
  // The lead of 990101 and the repaired record of 990103 take nothing.
  expect(ranks[0]?.score).toBeCloseTo(tree(27, 30, 25), 9);
  expect(ranks[2]?.score).toBeCloseTo(tree(22, 25, 21), 9);
  // A general record of March takes 2 points, halved every 12 months: 3 months later 2 × 2^(-3/12).
  expect(ranks[1]?.score).toBeCloseTo(tree(24, 26, 26) - 2 * 2 ** -0.25, 9);
});

test("a folder that is not empty is left alone", () => {
  expect(() => makeWorkspace(join(folder, "my-city"))).toThrow(/is not empty; name a new one/);
});
