import { execFile } from "node:child_process";
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyTinyCity, makeFolder, removeFolders, tinyEnvironment } from "./tiny-workspace.ts";

const PROGRAM = join(import.meta.dirname, "..", "..", "src", "cli", "zhengxin.js");

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

let workspace: string;
let dataDir: string;

/** What a person types after "zhengxin". */
function zhengxin(...words: string[]): Promise<Said> {
  const env = { ...process.env, ...tinyEnvironment(workspace, dataDir) };
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...words], { env }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
  });
}

let ran: Said;

beforeAll(async () => {
  workspace = copyTinyCity();
  dataDir = makeFolder();
  // The workspace's only pipeline and its example: nothing has to be said.
  ran = await zhengxin("run", "--json");
});

afterAll(removeFolders);

// Numbers: tests/fixtures/tiny-city/WORKED.md §4.
describe("the command line on the tiny city", () => {
  test("run ends with the ranking and the place of the report", () => {
    expect(ran.code, ran.err).toBe(0);
    const { period, as_of, synthetic, report, ranking } = JSON.parse(ran.out);
    expect({ period, as_of, synthetic }).toEqual({
      period: "2018-06",
      as_of: "2018-07-10 00:00:00",
      synthetic: true,
    });
    expect(report.startsWith(dataDir)).toBe(true);
    const districts = ranking.filter(
      ({ peer_class }: { peer_class: string }) => peer_class === "district",
    );
    expect(
      districts.map(({ rank, name_en, grade }: Record<string, unknown>) => [rank, name_en, grade]),
    ).toEqual([
      [1, "North Harbour", "C"],
      [2, "East Lake", "C"],
      [3, "West Hill", "D"],
    ]);
  });

  test("rank prints what was published", async () => {
    const { code, out, err } = await zhengxin("rank", "--period", "2018-06", "--level", "district");
    expect(code, err).toBe(0);
    expect(out).toMatch(/1 +北港区 North Harbour +100\.00 +C/);
    expect(out).toMatch(/2 +东湖区 East Lake +51\.50 +C/);
    expect(out).toMatch(/3 +西山区 West Hill +24\.60 +D/);
  });

  test("explain says why, down to the record, its file and its line", async () => {
    const { code, out, err } = await zhengxin("explain", "999901", "--period", "2018-06");
    expect(code, err).toBe(0);
    expect(out).toContain("51.5");
    expect(out).toContain("D1");
    expect(out).toMatch(/D1 +records [0-9a-f]{12}:1 /);
  });

  test("explain lists the records behind an indicator: eight of East Lake's ten were closed on time", async () => {
    const indicator = "B2/closed-on-time";
    const listed = await zhengxin("explain", "东湖区", "--records", indicator, "--json");
    const { code, out, err } = listed;
    expect(code, err).toBe(0);
    const { total, rows, counting } = JSON.parse(out);
    expect(total).toBe(10);
    expect(counting.zh).toMatch(/^分母：.+窗口首日和末日都计入。.+。$/);
    expect(counting.en).toMatch(
      /^Denominator: .+ the first and the last day of the window count\. .+\.$/,
    );
    const met = rows.filter(({ numerator }: { numerator: string }) => Number(numerator) === 1);
    expect(met).toHaveLength(8);
    for (const row of rows) expect(row.file_hash).toMatch(/^[0-9a-f]{64}$/);
  });

  // §5: May 66.125, 51 and 50.1 points; June 51.5, 100 and 24.6.
  test("delta tells who moved since May, and why", async () => {
    const { code, out, err } = await zhengxin("delta", "--json");
    expect(code, err).toBe(0);
    const { changes } = JSON.parse(out);
    const east = changes.find((one: { name_en: string }) => one.name_en === "East Lake");
    expect(east).toMatchObject({
      change: "moved",
      rank: 2,
      rank_before: 1,
      score: 51.5,
      score_before: 66.125,
    });
    const moved = east.why.reduce((sum: number, one: { moved: number }) => sum + one.moved, 0);
    expect(moved).toBe(51.5 - 66.125);
    const hillfoot = changes.find((one: { name_en: string }) => one.name_en === "Hillfoot");
    expect(hillfoot).toMatchObject({ change: "left", rank: null, rank_before: 2 });
  });

  test("coverage counts for how many bodies an indicator can be computed", async () => {
    const { code, out, err } = await zhengxin("coverage", "--json");
    expect(code, err).toBe(0);
    const { coverage } = JSON.parse(out);
    // Hillfoot has one record, Lake Centre four; two are needed.
    expect(
      coverage.find(
        (one: { indicator_id: string; level: string }) =>
          one.indicator_id === "B2/closed-on-time" && one.level === "township",
      ),
    ).toMatchObject({ entities: 2, assessed: 1, too_few: 1, not_applicable: 0, no_data: 0 });
  });

  test("status lists the sources, the run and what is published", async () => {
    const { code, out, err } = await zhengxin("status", "--json");
    expect(code, err).toBe(0);
    const { sources, runs, published } = JSON.parse(out);
    expect(sources).toHaveLength(9);
    expect(
      sources.find((one: { source_id: string }) => one.source_id === "licences"),
    ).toMatchObject({ files: 1, rows_received: 16, rows_quarantined: 3 });
    expect(runs).toHaveLength(1);
    expect(published).toMatchObject([{ period: "2018-06", latest: true }]);
  });

  test("validate finds no fault, and then the one that is made, with its line", async () => {
    const sound = await zhengxin("validate");
    expect(sound.code, sound.out + sound.err).toBe(0);
    // Of a list that no pipeline draws up nobody would say whether it holds on the day it is asked of.
    const list = join(workspace, "metrics", "lists", "forgotten.yaml");
    mkdirSync(dirname(list));
    writeFileSync(list, "lists_id: forgotten\n");
    const unnamed = await zhengxin("validate");
    expect(unnamed.code).toBe(3);
    expect(unnamed.out + unnamed.err).toMatch(/forgotten\.yaml:1:1: no pipeline names/);
    rmSync(list);
    appendFileSync(join(workspace, "metrics", "standards", "tiny.yaml"), "surprise: 1\n");
    const faulty = await zhengxin("validate");
    expect(faulty.code).toBe(3);
    expect(faulty.out + faulty.err).toMatch(/tiny\.yaml:\d+:\d+: .*surprise/);
  });

  test("what cannot be done is said in a sentence, without a stack", async () => {
    const unknown = await zhengxin("run", "nowhere");
    expect(unknown.code).toBe(1);
    expect(unknown.err).toBe(
      '没有流程“nowhere”；现有流程：tiny。There is no pipeline "nowhere". The pipelines are: tiny.\n',
    );
    const wrong = await zhengxin("run", "--sideways");
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain("--sideways");
    const period = await zhengxin("rank", "--period", "2018-13");
    expect(period.code).toBe(2);
    expect(period.err).toContain("2018-13");
    expect(unknown.err + wrong.err + period.err).not.toMatch(/^ +at /m);
  });
});

test("verify proves a published month, and finds a file that was touched", async () => {
  workspace = copyTinyCity();
  const sound = await zhengxin("verify", "--period", "2018-06");
  expect(sound.code, sound.out + sound.err).toBe(0);
  appendFileSync(
    join(dataDir, "tiny", "published", "tiny", "2018-06", "latest", "ranking.csv"),
    "touched\n",
  );
  const touched = await zhengxin("verify", "--period", "2018-06");
  expect(touched.code).toBe(4);
  expect(touched.out).toContain("ranking.csv");
});
