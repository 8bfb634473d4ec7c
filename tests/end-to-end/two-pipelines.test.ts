import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findPublished } from "../../src/publish/find-published.ts";
import { makeApp } from "../../src/serve/app.ts";
import {
  copyTinyCity,
  makeFolder,
  removeFolders,
  tinyConfig,
  tinyEnvironment,
} from "./tiny-workspace.ts";

const PROGRAM = join(import.meta.dirname, "..", "..", "src", "cli", "zhengxin.js");

let workspace: string;
let dataDir: string;

function zhengxin(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { ...process.env, ...tinyEnvironment(workspace, dataDir) };
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...words], { env }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
  });
}

/** A pipeline of the same jurisdiction whose standard gives closing on time points from 0 % on instead of from 50 %. */
function addPipeline(name: string): void {
  const copy = (folder: string, changes: readonly (readonly [string, string])[]) => {
    let text = readFileSync(join(workspace, folder, "tiny.yaml"), "utf8");
    for (const [from, to] of changes) {
      expect(text).toContain(from);
      text = text.replace(from, to);
    }
    writeFileSync(join(workspace, folder, `${name}.yaml`), text);
  };
  copy("pipelines", [
    ["pipeline: tiny", `pipeline: ${name}`],
    ["standard: tiny", `standard: ${name}`],
  ]);
  copy("metrics/standards", [
    ["standard: tiny", `standard: ${name}`],
    ["share: { method: goalposts, low: 50", "share: { method: goalposts, low: 0"],
  ]);
}

beforeAll(async () => {
  workspace = copyTinyCity();
  dataDir = makeFolder();
  addPipeline("mild");
  addPipeline("idle");
  for (const pipeline of ["tiny", "mild"]) {
    const { code, err } = await zhengxin("run", pipeline);
    expect(code, err).toBe(0);
  }
}, 120_000);

afterAll(removeFolders);

// East Lake, WORKED.md §4: 80 % closed on time give 60 points, of goalposts from 0 % on 80. Its index of 51.5 grows by
// 0.3 × 20 = 6 points.
const EAST_LAKE = { tiny: 51.5, mild: 57.5 };
const PIPELINES = ["tiny", "mild"] as const;

describe("two pipelines of one jurisdiction, the other one run last", () => {
  test.each(PIPELINES)("what is read of %s is its own", async (pipeline) => {
    const run = findPublished(join(dataDir, "tiny"), pipeline).split("/").at(-1);
    const score = EAST_LAKE[pipeline];
    const rank = JSON.parse((await zhengxin("rank", pipeline, "--json")).out);
    expect(rank).toMatchObject({ run, period: "2018-06" });
    const east = rank.ranking.find((one: { entity_id: string }) => one.entity_id === "999901");
    expect(east.score).toBeCloseTo(score, 9);
    const named = ["--pipeline", pipeline];
    const explained = JSON.parse((await zhengxin("explain", "999901", ...named, "--json")).out);
    expect(explained).toMatchObject({ run, rank: { score: east.score } });
    const asked = await zhengxin("sql", ...named, "--json", "SELECT DISTINCT run_id FROM rank");
    expect(asked.out).toContain(String(run));
    const report = JSON.parse((await zhengxin("credit-report", "999901", ...named, "--json")).out);
    expect(report).toMatchObject({ run, standing: { score: east.score } });
    const delta = JSON.parse((await zhengxin("delta", pipeline, "--json")).out);
    const moved = delta.changes.find((one: { entity_id: string }) => one.entity_id === "999901");
    expect(moved.score).toBe(east.score);
    const status = JSON.parse((await zhengxin("status", pipeline, "--json")).out);
    expect(status.published.map((one: { run: string }) => one.run)).toEqual([run]);
    expect(status.runs.map((one: { run_id: string }) => one.run_id)).toEqual([run]);
    const subjects = join(makeFolder(), "list.csv");
    writeFileSync(subjects, "代码\n999901\n");
    const words = [subjects, ...named, "--purpose", "procurement", "--json"];
    expect(JSON.parse((await zhengxin("check-subjects", ...words)).out)).toMatchObject({ run });
  });

  test("verify proves the month of the pipeline asked for", async () => {
    const { code, out, err } = await zhengxin("verify", "tiny", "--json");
    expect(code, err).toBe(0);
    expect(JSON.parse(out).folder).toBe(findPublished(join(dataDir, "tiny"), "tiny"));
  });

  test("of a pipeline that has published nothing that is said, and nothing else shown", async () => {
    const list = join(makeFolder(), "list.csv");
    writeFileSync(list, "代码\n999901\n");
    const commands = [
      ["rank", "idle"],
      ["verify", "idle"],
      ["delta", "idle"],
      ["explain", "999901", "--pipeline", "idle"],
      ["sql", "--pipeline", "idle", "FROM rank"],
      ["credit-report", "999901", "--pipeline", "idle"],
      ["check-subjects", list, "--pipeline", "idle", "--purpose", "tender"],
    ];
    const answers = await Promise.all(commands.map((words) => zhengxin(...words)));
    for (const [at, { code, out, err }] of answers.entries()) {
      expect([code, out], commands[at]?.join(" ")).toEqual([1, ""]);
      expect(err).toContain("流程“idle”尚未发布任何一期");
      expect(err).toContain('Nothing is published of the pipeline "idle"');
    }
  });

  test("pages, files, metrics and API show each pipeline with its own months", async () => {
    const app = makeApp({ config: tinyConfig(workspace, dataDir), isStopping: () => false });
    const read = async (path: string) => (await app.request(path)).json();
    for (const pipeline of PIPELINES) {
      const folder = findPublished(join(dataDir, "tiny"), pipeline);
      const run = folder.split("/").at(-1);
      const own = readFileSync(join(folder, "ranking.csv"), "utf8");
      const file = await app.request(`/published/${pipeline}/latest/latest/ranking.csv`);
      expect(await file.text()).toBe(own.replace(/^\uFEFF/, ""));
      expect(await read(`/${pipeline}/ranking.json`)).toMatchObject({ pipeline, run });
      expect(await read(`/${pipeline}/months.json`)).toMatchObject({ months: [{ run }] });
    }
    const other = findPublished(join(dataDir, "tiny"), "mild").split("/").at(-1);
    expect((await app.request(`/published/tiny/2018-06/${other}/ranking.csv`)).status).toBe(404);
    expect((await app.request(`/tiny/ranking.json?run=${other}`)).status).toBe(404);
    expect((await app.request("/idle/")).status).toBe(404);
    const listed = (await read("/api/pipelines")) as { pipeline: string }[];
    expect(listed.map((one) => one.pipeline)).toEqual(["mild", "tiny"]);
  });
});

describe("a data folder of an older version", () => {
  test("is read where it lies, and carried over by the next publication", async () => {
    const published = join(dataDir, "tiny", "published");
    const runs = PIPELINES.map((pipeline) => {
      const folder = findPublished(join(dataDir, "tiny"), pipeline);
      const run = folder.split("/").at(-1) as string;
      mkdirSync(join(published, "2018-06"), { recursive: true });
      renameSync(folder, join(published, "2018-06", run));
      rmSync(join(published, pipeline), { recursive: true });
      return { pipeline, run };
    });
    for (const { pipeline, run } of runs) {
      const read = await zhengxin("rank", pipeline, "--json");
      expect(JSON.parse(read.out)).toMatchObject({ run });
      expect(existsSync(join(published, "2018-06", run))).toBe(true);
    }
    const ran = await zhengxin("run", "tiny");
    expect(ran.out).toContain("2 run(s) published by an older version were moved");
    expect(existsSync(join(published, "2018-06"))).toBe(false);
    for (const { pipeline, run } of runs) {
      const folder = findPublished(join(dataDir, "tiny"), pipeline);
      expect(folder).toBe(join(published, pipeline, "2018-06", run));
      expect((await zhengxin("verify", pipeline)).code).toBe(0);
    }
  });
});
