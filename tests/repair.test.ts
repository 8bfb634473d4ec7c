import { copyFileSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Config } from "../src/config.ts";
import { findPublished } from "../src/publish/find-published.ts";
import { type Repair, repairDatabase } from "../src/repair.ts";
import { SAFEKEEPING } from "../src/safekeeping.ts";
import { findPipeline } from "../src/standard/workspace.ts";
import { Store } from "../src/store/store.ts";
import {
  copyTinyCity,
  JUNE,
  makeFolder,
  readPublished,
  removeFolders,
  runTiny,
  tinyConfig,
} from "./end-to-end/tiny-workspace.ts";

let workspace: string;
let before: string;
let published: Record<string, string>;

/** A tiny city that was run once, with an alert somebody acknowledged. */
beforeAll(async () => {
  workspace = copyTinyCity();
  before = makeFolder();
  const { context } = await runTiny(tinyConfig(workspace, before));
  await context.store.run("CHECKPOINT");
  context.store.close();
  published = await readPublished(findPublished(join(before, "tiny"), "tiny", {}));
}, 600_000);
afterAll(removeFolders);

/** A copy of it whose database was changed. */
function damage(change: (bytes: Buffer) => Buffer, { safekeeping = true } = {}): Config {
  const dataDir = makeFolder();
  cpSync(before, dataDir, { recursive: true, verbatimSymlinks: true });
  const database = databaseOf({ dataDir });
  writeFileSync(database, change(readFileSync(database)));
  if (!safekeeping) rmSync(join(dataDir, "tiny", SAFEKEEPING));
  return tinyConfig(workspace, dataDir);
}

const databaseOf = ({ dataDir }: Pick<Config, "dataDir">) =>
  join(dataDir, "tiny", "working.duckdb");

const repair = (config: Config, { dryRun = false, force = false } = {}): Promise<Repair> =>
  repairDatabase(config, findPipeline(workspace, "tiny"), { dryRun, force });

const originOf = ({ tables }: Repair, name: string) => tables.find(({ table }) => table === name);

const flip = (at: number) => (bytes: Buffer) => {
  bytes[at] = (bytes[at] as number) ^ 0x55;
  return bytes;
};

/** Runs June again, which must find what was published before. */
async function expectSameRun(config: Config) {
  const { context, outcomes } = await runTiny(config, JUNE);
  context.store.close();
  expect(outcomes.at(-1)?.counts.unchanged).toBe(1);
  const folder = findPublished(join(config.dataDir, "tiny"), "tiny", {});
  expect(await readPublished(folder)).toEqual(published);
}

test("a header that is damaged: all is taken from the copy, and June comes out as it was published", async () => {
  const config = damage(flip(200));
  const bytes = readFileSync(databaseOf(config));
  const said = await repair(config, { dryRun: true });
  expect(said).toMatchObject({
    state: "repairable",
    fault: { kind: "damaged" },
    aside: null,
    raw: [],
  });
  expect(readFileSync(databaseOf(config)).equals(bytes)).toBe(true);
  const done = await repair(config);
  expect(done.state).toBe("repaired");
  expect(new Set(done.tables.map(({ from }) => from))).toEqual(new Set(["safekeeping"]));
  // Eleven files lie in the fixture's folders.
  expect(originOf(done, "raw.file")).toEqual({ table: "raw.file", from: "safekeeping", rows: 11 });
  expect(readFileSync(done.aside as string).equals(bytes)).toBe(true);
  await expectSameRun(config);
  expect(await repair(config)).toMatchObject({ state: "sound", fault: null, raw: [] });
}, 600_000);

test("without a copy, the files received are found again in what is published", async () => {
  const config = damage((bytes) => bytes.subarray(0, Math.floor(bytes.length / 2)), {
    safekeeping: false,
  });
  const done = await repair(config);
  expect(originOf(done, "raw.file")?.from).toBe("published");
  expect(originOf(done, "warn.alert_event")).toMatchObject({ from: "nothing", rows: 0 });
  await expectSameRun(config);
}, 600_000);

test("a damaged block of a table that stages fill costs nothing of what was received", async () => {
  const config = damage((bytes) => bytes, { safekeeping: false });
  // The block in which DuckDB says the calendar begins.
  const store = await Store.open(databaseOf(config), config);
  const [block] = await store.rows<{ block_id: number }>(
    "SELECT block_id FROM pragma_storage_info('core.calendar_day') WHERE segment_type <> 'VALIDITY' AND block_id >= 0",
  );
  store.close();
  const database = databaseOf(config);
  const at = 12_288 + (block?.block_id ?? 0) * 262_144 + 300;
  writeFileSync(database, flip(at)(readFileSync(database)));
  const done = await repair(config);
  expect(done.fault?.kind).toBe("damaged");
  expect(originOf(done, "raw.file")).toEqual({ table: "raw.file", from: "damaged", rows: 11 });
  await expectSameRun(config);
}, 600_000);

test("an empty file, a text, and a log that is none are made anew and kept aside", async () => {
  for (const change of [() => Buffer.alloc(0), () => Buffer.from("地区,得分\n")]) {
    const config = damage(change);
    const done = await repair(config);
    expect(done).toMatchObject({ state: "repaired", fault: { kind: "no-database" } });
    expect(existsSync(done.aside as string)).toBe(true);
  }
  const config = damage((bytes) => bytes);
  writeFileSync(`${databaseOf(config)}.wal`, "not a log, but some text\n");
  const done = await repair(config);
  expect(done).toMatchObject({ state: "repaired", fault: { kind: "damaged" }, logLost: true });
  expect(originOf(done, "raw.file")?.from).toBe("damaged");
  expect(readFileSync(`${done.aside}.wal`, "utf8")).toBe("not a log, but some text\n");
}, 600_000);

test("raw files that are gone or damaged are named, and whether their originals are there", async () => {
  const config = damage((bytes) => bytes);
  const store = await Store.open(databaseOf(config), config);
  const files = await store.rows<{ path: string; name: string }>(
    "SELECT parquet_path AS path, file_name AS name FROM raw.file WHERE source_id = 'debt' ORDER BY file_id",
  );
  store.close();
  const first = files[0] as { path: string };
  const path = join(config.dataDir, "tiny", first.path);
  copyFileSync(path, `${path}.sound`);
  writeFileSync(path, readFileSync(path).subarray(0, 40));
  const { raw, state } = await repair(config);
  expect(state).toBe("sound");
  expect(raw).toEqual([{ source: "debt", path: first.path, problem: "damaged", original: true }]);
  rmSync(path);
  expect((await repair(config)).raw[0]).toMatchObject({ problem: "missing", original: true });
}, 600_000);

test("one that another process works on is not touched", async () => {
  const config = damage((bytes) => bytes);
  const other = await import("node:child_process");
  const script = `
    import { Store } from ${JSON.stringify(join(import.meta.dirname, "../src/store/store.ts"))};
    await Store.open(${JSON.stringify(databaseOf(config))}, { memory: "128MB", threads: 1 });
    console.log("held");
    setInterval(() => {}, 1000);`;
  const child = other.spawn(process.execPath, [
    "--import",
    "tsx",
    "--input-type=module",
    "-e",
    script,
  ]);
  await new Promise((resolve) => child.stdout.once("data", resolve));
  await expect(repair(config)).rejects.toThrow(/正被另一进程使用.*in use by another process/);
  child.kill("SIGKILL");
}, 600_000);
