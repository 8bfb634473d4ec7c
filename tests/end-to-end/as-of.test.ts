import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Config, readConfig } from "../../src/config.ts";
import { SILENT } from "../../src/context.ts";
import { verifyPublished } from "../../src/verify.ts";
import {
  copyTinyCity,
  JUNE,
  makeFolder,
  publishedFolder,
  readPublished,
  removeFolders,
  runTiny,
  tinyConfig,
  tinyEnvironment,
} from "./tiny-workspace.ts";

const AUGUST = { period: "2018-06", asOf: "2018-08-10 00:00:00" };
const CORRECTION = "data-samples/orders/orders-known-2018-07-15.csv";
const REFUSED = "data-samples/records/resend.ndjson";

// Synthetic: two rows, both with a severity nobody knows, so that the file is refused as a whole.
const RESEND = ["D7", "D8"]
  .map((no) =>
    JSON.stringify({
      note: "合成 synthetic",
      no,
      body: "999901",
      type: "行政处罚",
      severity: "很严重",
      subject: "机关",
      person: "",
      decided: "2018-06-03",
      state: "已公示",
      published: "2018-06-04",
      repaired: "",
      known: no === "D7" ? "2018-08-02" : "2018-08-03",
    }),
  )
  .join("\n");

async function publish(config: Config, question = JUNE) {
  const result = await runTiny(config, question);
  const { context } = result;
  try {
    return {
      run: context.runId,
      folder: publishedFolder(result),
      files: await readPublished(publishedFolder(result)),
      sources: await context.store.rows(
        `SELECT source_id, state, files, rows_received AS received, rows_quarantined AS aside, rows_refused AS refused
         FROM checks.source_state WHERE run_id = $run ORDER BY source_id`,
        { run: context.runId },
      ),
    };
  } finally {
    context.store.close();
  }
}

let workspace: string;
let dataDir: string;
let before: Awaited<ReturnType<typeof publish>>;
let late: Awaited<ReturnType<typeof publish>>;
let after: Awaited<ReturnType<typeof publish>>;

beforeAll(async () => {
  workspace = copyTinyCity();
  dataDir = makeFolder();
  const config = tinyConfig(workspace, dataDir);
  renameSync(join(workspace, CORRECTION), join(workspace, "kept-back.csv"));
  before = await publish(config);
  renameSync(join(workspace, "kept-back.csv"), join(workspace, CORRECTION));
  writeFileSync(join(workspace, REFUSED), `${RESEND}\n`);
  late = await publish(config, AUGUST);
  after = await publish(config);
});

afterAll(removeFolders);

function expectSame(one: typeof before, other: typeof before) {
  expect(one.run).toBe(other.run);
  expect(Object.keys(one.files)).toEqual(Object.keys(other.files));
  const changed = Object.keys(one.files).filter((name) => one.files[name] !== other.files[name]);
  expect(changed).toEqual([]);
}

describe("what became known later", () => {
  test("changes no byte of a report as of an earlier time, a correction or a refused file", () => {
    expectSame(after, before);
  });

  test("does not, either, when the later time is asked first or everything came at once", async () => {
    const config = tinyConfig(workspace, makeFolder());
    await publish(config, AUGUST);
    expectSame(await publish(config), before);
    expectSame(await publish(tinyConfig(workspace, makeFolder())), before);
  });

  test("is told as soon as it is known, rows of refused files apart from those set aside", () => {
    const find = (asked: typeof before, id: string) =>
      asked.sources.find(({ source_id }) => source_id === id);
    // Seven lines: four good, one said again, one cut off, one with an unknown severity.
    const records = { source_id: "records", files: 1, received: 7, aside: 2 };
    expect(find(before, "records")).toEqual({ ...records, state: "fresh", refused: 0 });
    expect(find(late, "records")).toEqual({
      ...records,
      state: "stale",
      files: 2,
      received: 7 + 2,
      refused: 2,
    });
    expect(find(before, "orders")).toMatchObject({ files: 2, received: 15 + 31 });
    expect(find(late, "orders")).toMatchObject({ files: 3, received: 15 + 31 + 1 });
  });

  test("is not needed to build the report again", async () => {
    const found = await verifyPublished(
      readConfig(tinyEnvironment(workspace, dataDir)),
      { dataDir: join(dataDir, "tiny"), folder: after.folder },
      { log: pino({ level: "silent" }), progress: SILENT },
    );
    expect(found.rebuiltOtherwise).toEqual([]);
  });

  test("counts by the row in a file that was known in part", async () => {
    const city = copyTinyCity();
    const file = join(city, "data-samples/records/records.ndjson");
    const good = readFileSync(file, "utf8").split("\n")[0] as string;
    rmSync(join(city, CORRECTION));
    const first = await publish(tinyConfig(city));
    appendFileSync(
      file,
      `${good.replace('"D1"', '"D9"').replace('"2018-05-16"', '"2018-07-30"')}\n`,
    );
    const second = await publish(tinyConfig(city));
    expect(second.sources).toEqual(first.sources);
  });
});

test("before anything is known every source is absent", async () => {
  const result = await runTiny(
    tinyConfig(workspace, makeFolder()),
    { period: "2015-12", asOf: "2016-01-01 00:00:00" },
    "check",
  );
  try {
    const rows = await result.context.store.rows(
      `SELECT DISTINCT state, files, rows_received, rows_quarantined, rows_refused, newest_known
       FROM checks.source_state WHERE run_id = $run`,
      { run: result.context.runId },
    );
    expect(rows).toEqual([
      {
        state: "absent",
        files: 0,
        rows_received: 0,
        rows_quarantined: 0,
        rows_refused: 0,
        newest_known: null,
      },
    ]);
  } finally {
    result.context.store.close();
  }
});
