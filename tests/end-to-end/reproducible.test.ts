import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Config } from "../../src/config.ts";
import type { RunResult } from "../../src/run.ts";
import { Store } from "../../src/store/store.ts";
import { seeded, shuffle } from "./seeded.ts";
import { readFindings, readTables } from "./table-contents.ts";
import {
  copyTinyCity,
  JUNE,
  JUNE_CORRECTED,
  makeFolder,
  publishedFolder,
  readPublished,
  removeFolders,
  runTiny,
  TINY_CITY,
  tinyConfig,
} from "./tiny-workspace.ts";

const MIGRATIONS = join(import.meta.dirname, "..", "..", "src", "store", "migrations");

interface Kept {
  readonly published: Record<string, string>;
  readonly tables: Record<string, string[]>;
  readonly findings: Record<string, string[]>;
  readonly folder: string;
  readonly runId: string;
}

/** Runs the chain, keeps what it left, and lets go of the database. */
async function runAndKeep(config: Config, question = JUNE): Promise<Kept> {
  const result: RunResult = await runTiny(config, question);
  try {
    const folder = publishedFolder(result);
    return {
      published: await readPublished(folder),
      tables: await readTables(result.context.store),
      findings: await readFindings(result.context.store, result.context.runId),
      folder,
      runId: result.context.runId,
    };
  } finally {
    result.context.store.close();
  }
}

let config: Config;
let first: Kept;

beforeAll(async () => {
  config = tinyConfig(TINY_CITY);
  first = await runAndKeep(config);
});

afterAll(removeFolders);

/** Compares names first: a difference of bytes is then a file's name, not a page of base64. */
function expectSameFiles(actual: Record<string, string>, expected: Record<string, string>) {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  expect(Object.keys(actual).filter((name) => actual[name] !== expected[name])).toEqual([]);
}

describe("the same question", () => {
  test("publishes something worth comparing", () => {
    expect(Object.keys(first.published).length).toBeGreaterThan(5);
    expect(Object.values(first.findings).every((rows) => rows.length > 0)).toBe(true);
  });

  test("asked twice of the same folder changes nothing", async () => {
    const again = await runAndKeep(config);
    expect(again.runId).toBe(first.runId);
    expectSameFiles(again.published, first.published);
    expect(again.tables).toEqual(first.tables);
  });

  test("asked under a path with spaces and Chinese characters gives the same bytes", async () => {
    const folder = join(makeFolder(), "政信 工作 区 'x'");
    const workspace = copyTinyCity(join(folder, "小 城"));
    const elsewhere = await runAndKeep(tinyConfig(workspace, join(folder, "数据 目录")));
    expect(elsewhere.runId).toBe(first.runId);
    expectSameFiles(elsewhere.published, first.published);
    expect(elsewhere.tables).toEqual(first.tables);
  });

  test("asked with one thread, and with four, gives the same bytes", async () => {
    for (const threads of [1, 4]) {
      const other = await runAndKeep({ ...tinyConfig(TINY_CITY), threads });
      expectSameFiles(other.published, first.published);
    }
  });

  test("asked after the same files were delivered under other names changes no figure", async () => {
    const workspace = copyTinyCity();
    const place = tinyConfig(workspace);
    await runAndKeep(place);
    const orders = join(workspace, "data-samples", "orders");
    cpSync(
      join(orders, "orders-known-2018-04-02.csv"),
      join(orders, "orders-again-2018-04-02.csv"),
    );
    const again = await runAndKeep(place);
    // The same bytes are the same file: nothing is loaded twice.
    expect(again.findings).toEqual(first.findings);
    expect(again.tables["core.complaint"]).toEqual(first.tables["core.complaint"]);
  });
});

describe("the order of the inputs", () => {
  test.each([1, 2, 3])("of rows and files does not matter (seed %i)", async (seed) => {
    const workspace = copyTinyCity();
    disturb(join(workspace, "data-samples"), seeded(seed));
    const disturbed = await runAndKeep(tinyConfig(workspace));
    expect(disturbed.findings).toEqual(first.findings);
  });

  test("of deliveries does not matter: an old file that comes late slots in", async () => {
    const workspace = copyTinyCity();
    const orders = join(workspace, "data-samples", "orders");
    const aside = makeFolder();
    const names = [
      "orders-known-2018-04-02.csv",
      "orders-known-2018-07-02.csv.gz",
      "orders-known-2018-07-15.csv",
    ];
    const place = tinyConfig(workspace);
    for (const name of names) cpSync(join(orders, name), join(aside, name));
    for (const name of names) rmSync(join(orders, name));
    // The correction first, then what it corrects, then the oldest. With the correction alone nobody can be ranked.
    const [oldest, corrected, correction] = names as [string, string, string];
    cpSync(join(aside, correction), join(orders, correction));
    await expect(runAndKeep(place)).rejects.toThrow(
      /^Nobody can be ranked in 2018-06 from what was/,
    );
    let last = first;
    for (const name of [corrected, oldest]) {
      cpSync(join(aside, name), join(orders, name));
      last = await runAndKeep(place);
    }
    expect(last.findings).toEqual(first.findings);
    const later = await runAndKeep(place, JUNE_CORRECTED);
    const atOnce = await runAndKeep(tinyConfig(TINY_CITY), JUNE_CORRECTED);
    expect(later.findings).toEqual(atOnce.findings);
    expect(later.findings).not.toEqual(first.findings);
  });
});

/** Other row orders, other file names; line numbers and hashes change, the facts do not. */
function disturb(samples: string, random: () => number): void {
  const orders = join(samples, "orders");
  const rewrite = (name: string, to: string, gz: boolean) => {
    const bytes = readFileSync(join(orders, name));
    const text = (gz ? gunzipSync(bytes) : bytes).toString();
    const [note, head, ...rest] = text.trimEnd().split("\n");
    // A record of two lines stays together.
    const records = rest.join("\n").split(/\n(?=T\d{4},|,)/);
    expect(records.length).toBeGreaterThan(10);
    const mixed = `${[note, head, ...shuffle(records, random)].join("\n")}\n`;
    rmSync(join(orders, name));
    writeFileSync(join(orders, to), gz ? gzipSync(mixed) : mixed);
  };
  rewrite("orders-known-2018-04-02.csv", "orders-z-2018-04-02.csv", false);
  rewrite("orders-known-2018-07-02.csv.gz", "orders-y-2018-07-02.csv.gz", true);
  renameSync(join(orders, "orders-known-2018-07-15.csv"), join(orders, "orders-a-2018-07-15.csv"));
  const records = join(samples, "records", "records.ndjson");
  const lines = readFileSync(records, "utf8").trimEnd().split("\n");
  writeFileSync(records, `${shuffle(lines, random).join("\n")}\n`);
  const debt = join(samples, "debt", "debt.json");
  const content = JSON.parse(readFileSync(debt, "utf8"));
  content.positions = shuffle(content.positions, random);
  writeFileSync(debt, JSON.stringify(content));
}

describe("a correction", () => {
  test("restates the month, and what was published before stays byte for byte", async () => {
    const restated = await runAndKeep(config, JUNE_CORRECTED);
    expect(restated.runId).not.toBe(first.runId);
    expect(restated.findings.ranks).not.toEqual(first.findings.ranks);
    expectSameFiles(await readPublished(first.folder), first.published);
    const asBefore = await runAndKeep(config);
    expect(asBefore.runId).toBe(first.runId);
    expectSameFiles(asBefore.published, first.published);
    expectSameFiles(await readPublished(restated.folder), restated.published);
  });
});

describe("a database", () => {
  const options = { memory: "256MB", threads: 1 };

  /** A database as an older program left it: only its migrations, none of its successors'. */
  async function makeDatabase(path: string, names: readonly string[], extra = ""): Promise<void> {
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run(
      "CREATE TABLE main.schema_version (version INTEGER PRIMARY KEY, name VARCHAR NOT NULL)",
    );
    await connection.run("SET VARIABLE as_of = TIMESTAMP '1970-01-01 00:00:00'");
    for (const name of names) {
      await connection.run(readFileSync(join(MIGRATIONS, name), "utf8"));
      await connection.run(
        `INSERT INTO main.schema_version VALUES (${Number(name.slice(0, 4))}, '${name}')`,
      );
    }
    if (extra) await connection.run(extra);
    connection.closeSync();
    instance.closeSync();
  }

  const OLD = ["0001-raw.sql", "0002-core.sql", "0003-known.sql"];

  test("made by an older program is brought up to date, and works", async () => {
    const dataDir = makeFolder();
    mkdirSync(join(dataDir, "tiny"));
    await makeDatabase(join(dataDir, "tiny", "working.duckdb"), OLD);
    const upgraded = await runAndKeep(tinyConfig(TINY_CITY, dataDir));
    expectSameFiles(upgraded.published, first.published);
    const store = await Store.open(join(dataDir, "tiny", "working.duckdb"), options);
    const versions = await store.rows<{ version: number }>(
      "SELECT version FROM main.schema_version ORDER BY version",
    );
    store.close();
    expect(versions.length).toBeGreaterThan(OLD.length);
    expect(versions.map(({ version }) => version)).toEqual(versions.map((_, index) => index + 1));
  });

  test("made by a newer program is refused with a sentence, and left as it was", async () => {
    const path = join(makeFolder(), "newer.duckdb");
    await makeDatabase(
      path,
      OLD,
      "INSERT INTO main.schema_version VALUES (9999, '9999-future.sql')",
    );
    const bytes = readFileSync(path);
    await expect(Store.open(path, options)).rejects.toThrow(
      /schema version 9999, made by a newer zhengxin; .* Use the newer program, or another DATA_DIR\.$/,
    );
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  test("that is none at all is refused with a sentence", async () => {
    const path = join(makeFolder(), "none.duckdb");
    writeFileSync(path, "synthetic text, not a database");
    await expect(Store.open(path, options)).rejects.toThrow(/不是数据库.* is no database: /);
  });
});
