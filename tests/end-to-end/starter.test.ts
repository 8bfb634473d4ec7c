import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

/** A city of one's own in the columns of the samples: two districts, of ten complaints each 9 and 6 closed in time. */
function replaceSamples(samples: string) {
  for (const name of ["entities.csv", "complaints-2024.csv"]) rmSync(join(samples, name));
  const [head] = ENTITIES.split("\n");
  writeFileSync(
    join(samples, "entities-own.csv"),
    `${head}\n880101,北湾区,Beiwan,500000,自有\n880102,南屿区,Nanyu,400000,自有\n`,
  );
  const orders = ["北湾区", "南屿区"].flatMap((name, place) =>
    Array.from({ length: 10 }, (_, index) => {
      const closed = index < (place === 0 ? 9 : 6) ? "2024-06-04" : "2024-06-09";
      return `E${place}${index},${name},市容环境,2024-06-03 09:00:00,2024-06-03 10:00:00,2024-06-05 18:00:00,${closed} 10:00:00,是,满意,2024-07-02,自有`;
    }),
  );
  writeFileSync(join(samples, "complaints-own.csv"), `${ORDERS_HEAD}\n${orders.join("\n")}\n`);
}

const SAMPLES = join(import.meta.dirname, "../../data-samples/starter/samples");
const ENTITIES = readFileSync(join(SAMPLES, "entities.csv"), "utf8");
const ORDERS_HEAD = readFileSync(join(SAMPLES, "complaints-2024.csv"), "utf8").split("\n")[0];

test("once the samples are replaced as the README says, nothing of them is left", async () => {
  const workspace = join(folder, "replaced");
  makeWorkspace(workspace);
  const config = readConfig({ ZHENGXIN_WORKSPACE: workspace, DATA_DIR: join(folder, "data") });
  const ask = { pipeline: "my-city", log: pino({ level: "silent" }) };
  (await runPipeline(config, ask)).context.store.close();
  replaceSamples(join(workspace, "samples"));
  const pipeline = join(workspace, "pipelines/my-city.yaml");
  const text = readFileSync(pipeline, "utf8");
  writeFileSync(pipeline, text.replace(", my-dishonesty-records]", "]"));
  const { context } = await runPipeline(config, ask);
  try {
    const ranks = await context.store.rows<{ entity_id: string; score: number }>(
      "SELECT entity_id, score FROM scores.rank WHERE run_id = $run AND period = '2024-06' ORDER BY rank",
      { run: context.runId },
    );
    // Signed 20, closed 30 × (90 − 50) / 50 and 30 × (60 − 50) / 50, resolved 25, satisfied 25.
    expect(ranks.map(({ entity_id, score }) => [entity_id, Number(score.toFixed(6))])).toEqual([
      ["880101", 94],
      ["880102", 76],
    ]);
    for (const table of ["entity", "complaint", "dishonesty_record"]) {
      const [held] = await context.store.rows(
        `SELECT count(*) AS rows FROM known.${table} WHERE entity_id LIKE '9901%'`,
      );
      expect({ table, ...held }).toEqual({ table, rows: 0 });
    }
  } finally {
    context.store.close();
  }
  const place = readdirSync(join(folder, "data"), { recursive: true, encoding: "utf8" }).find(
    (name) => name.endsWith(`${context.runId}/report.html`),
  );
  for (const name of ["report.html", "report.json", "ranking.csv"]) {
    const said = readFileSync(join(folder, "data", place ?? "", "..", name), "utf8");
    expect(said).toContain("北湾区");
    for (const sample of ["东城新区", "西河区", "南山县", "990101"])
      expect(said).not.toContain(sample);
  }
});

test("a folder that is not empty is left alone", () => {
  expect(() => makeWorkspace(join(folder, "my-city"))).toThrow(/is not empty; name a new one/);
});
