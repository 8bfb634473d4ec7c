import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seeded } from "./seeded.ts";
import { readTables } from "./table-contents.ts";
import {
  JUNE,
  makeFolder,
  publishedFolder,
  readPublished,
  readTree,
  removeFolders,
  runTiny,
  TINY_CITY,
  tinyConfig,
  tinyEnvironment,
} from "./tiny-workspace.ts";

const PROGRAM = join(import.meta.dirname, "..", "..", "src", "cli", "zhengxin.js");
const STAGES = ["pull", "conform", "check", "measure", "score", "publish"];
const SEEDS = 20;

interface Left {
  readonly published: Record<string, string>;
  readonly tables: Record<string, string[]>;
  /** Names of all files kept, so that half-written ones do not pile up. */
  readonly names: readonly string[];
}

interface Ended {
  /** How long it worked on its database, in milliseconds. */
  readonly worked: number;
  readonly killed: boolean;
  /** The last stage it said it had done. */
  readonly reached: string;
}

let undisturbed: Left;
let duration = 0;

beforeAll(async () => {
  undisturbed = await finish(makeFolder());
  duration = (await runChild(makeFolder(), () => {})).worked;
});

afterAll(removeFolders);

/** Runs to the end in this process and reads all that is left. */
async function finish(dataDir: string): Promise<Left> {
  const result = await runTiny(tinyConfig(TINY_CITY, dataDir));
  try {
    return {
      published: await readPublished(publishedFolder(result)),
      tables: await readTables(result.context.store),
      names: Object.keys(readTree(dataDir)).filter((name) => !name.includes(".duckdb.wal")),
    };
  } finally {
    result.context.store.close();
  }
}

/** The command a person would give, in a process of its own; `disturb` is called when its database appears. */
async function runChild(
  dataDir: string,
  disturb: (child: ChildProcess) => void,
  onStage: (stage: string, child: ChildProcess) => void = () => {},
): Promise<Ended> {
  const child = spawn(
    process.execPath,
    [PROGRAM, "run", "tiny", "--period", JUNE.period, "--as-of", JUNE.asOf],
    {
      env: {
        ...process.env,
        ...tinyEnvironment(TINY_CITY, dataDir),
        ZHENGXIN_LOG_LEVEL: "info",
      },
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  let reached = "none";
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
    for (const stage of STAGES) {
      if (text.includes(`"stage":"${stage}"`)) {
        reached = stage;
        onStage(stage, child);
      }
    }
  });
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
  const database = join(dataDir, "tiny", "working.duckdb");
  while (!existsSync(database) && child.exitCode === null && child.signalCode === null) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const began = performance.now();
  disturb(child);
  const { code, signal } = await ended;
  if (signal !== "SIGKILL") expect(code, errors).toBe(0);
  return { worked: performance.now() - began, killed: signal === "SIGKILL", reached };
}

function expectUndisturbed({ published, tables, names }: Left): void {
  expect(Object.keys(published)).toEqual(Object.keys(undisturbed.published));
  const different = Object.keys(published).filter(
    (name) => published[name] !== undisturbed.published[name],
  );
  expect(different).toEqual([]);
  expect(tables).toEqual(undisturbed.tables);
  expect(names).toEqual(undisturbed.names);
}

const hits: string[] = [];

test("the run that is not disturbed leaves something", () => {
  expect(Object.keys(undisturbed.published).length).toBeGreaterThan(5);
  expect(undisturbed.tables["core.complaint"]?.length).toBe(40);
  expect(duration).toBeGreaterThan(0);
});

test.each(Array.from({ length: SEEDS }, (_, index) => index + 1))(
  "killed at a random moment and run again, it ends the same (seed %i)",
  async (seed) => {
    const dataDir = makeFolder();
    // One kill in each slice of the working time, somewhere within the slice.
    const delay = (duration * (seed - 1 + seeded(seed)())) / SEEDS;
    const { killed, reached } = await runChild(dataDir, (child) => {
      setTimeout(() => child.kill("SIGKILL"), delay);
    });
    if (killed) hits.push(reached);
    expectUndisturbed(await finish(dataDir));
  },
);

test("killed as soon as it has done a stage, for every stage in turn, it ends the same", async () => {
  const dataDir = makeFolder();
  for (const last of STAGES) {
    const { killed, reached } = await runChild(
      dataDir,
      () => {},
      (stage, child) => {
        if (stage === last) child.kill("SIGKILL");
      },
    );
    if (killed) hits.push(reached);
  }
  expectUndisturbed(await finish(dataDir));
});

test("the kills struck while it worked", () => {
  const struck = ["none", ...STAGES].map(
    (stage) => `after ${stage}: ${hits.filter((hit) => hit === stage).length}`,
  );
  process.stdout.write(`SIGKILL struck ${hits.length} times (${struck.join(", ")})\n`);
  expect(hits.length).toBeGreaterThan(4);
});
