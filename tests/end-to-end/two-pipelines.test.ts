import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { measureAside } from "../../src/measure-aside.ts";
import { findPublished } from "../../src/publish/find-published.ts";
import { makeApp } from "../../src/serve/app.ts";
import { Store } from "../../src/store/store.ts";
import { readTables } from "./table-contents.ts";
import {
  copyTinyCity,
  makeFolder,
  removeFolders,
  tinyConfig,
  tinyEnvironment,
} from "./tiny-workspace.ts";

const PROGRAM = join(import.meta.dirname, "..", "..", "src", "cli", "zhengxin.js");

/** Each command is a process of its own, of which a busy machine starts few in a minute. */
const SLOW = 180_000;

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
}, SLOW);

afterAll(removeFolders);

// East Lake, WORKED.md §4: 80 % closed on time give 60 points, of goalposts from 0 % on 80. Its index of 51.5 grows by
// 0.3 × 20 = 6 points.
const EAST_LAKE = { tiny: 51.5, mild: 57.5 };
const PIPELINES = ["tiny", "mild"] as const;

describe("two pipelines of one jurisdiction, the other one run last", () => {
  test.each(PIPELINES)(
    "what is read of %s is its own",
    async (pipeline) => {
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
      const report = JSON.parse(
        (await zhengxin("credit-report", "999901", ...named, "--json")).out,
      );
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
    },
    SLOW,
  );

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

/** Every file below the data folder but the journal, which is there to be written, and every row of every table. */
async function readEverything(): Promise<Record<string, unknown>> {
  const files = readdirSync(dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && !entry.parentPath.includes("audit"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const { memory, threads } = tinyConfig(workspace, dataDir);
  const store = await Store.open(join(dataDir, "tiny", "working.duckdb"), { memory, threads });
  try {
    const schemas = await store.rows<{ name: string }>(
      "SELECT DISTINCT schema_name AS name FROM duckdb_tables() WHERE NOT temporary",
    );
    const tables = await readTables(
      store,
      schemas.map(({ name }) => name),
    );
    const contents = files.map((path) => {
      const isLink = lstatSync(path).isSymbolicLink();
      const bytes = isLink ? readlinkSync(path) : readFileSync(path);
      return [path, createHash("sha256").update(bytes).digest("hex")] as const;
    });
    return { tables, files: Object.fromEntries(contents) };
  } finally {
    store.close();
  }
}

describe("looking", () => {
  test(
    "changes no table, no file, no run and no alert",
    async () => {
      const list = join(makeFolder(), "list.csv");
      writeFileSync(list, "代码\n999901\n");
      const before = await readEverything();
      const held = (before.tables as Record<string, string[]>)["scores.run"];
      expect(held).toHaveLength(2);
      for (const words of [
        ["coverage", "tiny", "--period", "2018-05"],
        ["status", "tiny"],
        ["explain", "999901", "--pipeline", "tiny", "--records", "B2/closed-on-time"],
        ["record", "list", "--pipeline", "tiny"],
      ]) {
        const { code, err } = await zhengxin(...words);
        expect(code, `${words.join(" ")}: ${err}`).toBe(0);
      }
      // Later than any run, and earlier, when what was known decides; the second of a pipeline that never ran.
      for (const [pipeline, asOf] of [
        ["tiny", "2018-07-20 00:00:00"],
        ["idle", "2018-07-05 00:00:00"],
      ] as const) {
        const question = { pipeline, period: "2018-06", asOf, log: pino({ level: "silent" }) };
        const { store, runId } = await measureAside(tinyConfig(workspace, dataDir), question);
        const measured = await store.row<{ count: number }>(
          "SELECT count(*) AS count FROM facts.run_computation WHERE run_id = $run",
          { run: runId },
        );
        expect(measured?.count).toBeGreaterThan(0);
        store.close();
      }
      const others = [
        ["validate"],
        ["rank", "tiny"],
        ["delta", "mild"],
        ["explain", "999901", "--pipeline", "mild"],
        ["sql", "--pipeline", "tiny", "FROM rank"],
        ["credit-report", "999901", "--pipeline", "tiny"],
        ["check-subjects", list, "--pipeline", "tiny", "--purpose", "tender"],
      ];
      const said = await Promise.all(others.map((words) => zhengxin(...words)));
      expect(said.map(({ code }) => code)).toEqual(others.map(() => 0));
      expect(await readEverything()).toEqual(before);
    },
    SLOW,
  );

  test("says of what is not there yet that it is not, and makes no folder", async () => {
    const held = dataDir;
    dataDir = join(makeFolder(), "data");
    try {
      const { code, err } = await zhengxin("coverage", "tiny");
      expect(code).toBe(1);
      expect(err).toMatch(/还没有流程“tiny”的数据.*Load data first: "zhengxin run tiny"/s);
      expect(existsSync(join(dataDir, "tiny"))).toBe(false);
    } finally {
      dataDir = held;
    }
  });

  test("sql says which period answers, and what was delivered since", async () => {
    const question = ["sql", "--pipeline", "tiny", "--format", "csv", "SELECT 1 AS one"];
    const first = await zhengxin(...question);
    expect(first.out).toBe("\ufeffone\r\n1\r\n");
    expect(first.err).toMatch(/^tiny 2018-06，截至 2018-07-10 00:00:00 所知 · as known at/);
    // A file of 15 July was received and not known on the 10th.
    expect(first.err).toContain("已接收 1 个，待接收 0 个（来源：orders）");
    const added = join(workspace, "data-samples", "licences", "licences-more.csv");
    copyFileSync(join(workspace, "data-samples", "licences", "licences.csv"), added);
    const then = await zhengxin(...question);
    rmSync(added);
    expect(then.err).toContain("1 file(s) received, 1 waiting (sources: licences, orders)");
  });
});

describe("a data folder of an older version", () => {
  test(
    "is read where it lies, and carried over by the next publication",
    async () => {
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
      }
      expect((await zhengxin("verify", "mild")).code).toBe(0);
    },
    SLOW,
  );
});
