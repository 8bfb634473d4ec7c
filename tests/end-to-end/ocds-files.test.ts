import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { afterEach, expect, test } from "vitest";
import type { Config } from "../../src/config.ts";
import type { RunResult } from "../../src/run.ts";
import { Store } from "../../src/store/store.ts";
import { findFile, withdrawFile } from "../../src/withdraw.ts";
import { addReleases, makeReleasesCity } from "./releases-workspace.ts";
import { removeFolders, runTiny, tinyConfig } from "./tiny-workspace.ts";

afterEach(removeFolders);

function add(workspace: string, name: string, content: unknown): void {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  addReleases(workspace, name, text);
}

const BUYER = { buyer: { id: "999901", name: "x" } };

/** The contract of a process as its first release tells it, on 5 May 2018. */
function first(process: number, amount: number) {
  const award = { id: "w", date: "2018-05-01T09:00:00+08:00" };
  const contract = { id: "c", awardID: "w", value: { amount, currency: "CNY" } };
  const date = "2018-05-05T09:00:00+08:00";
  return { ocid: `p-${process}`, id: "1", date, ...BUYER, awards: [award], contracts: [contract] };
}

function later(process: number, id: string, day: string, contract: object) {
  const date = `2018-06-${day}T09:00:00+08:00`;
  return { ocid: `p-${process}`, id, date, contracts: [{ id: "c", ...contract }] };
}

const AMOUNT = (amount: number) => ({ value: { amount, currency: "CNY" } });

/** What core and the compiled rows hold, by names of files and not by their numbers. */
async function holdings({ context }: RunResult) {
  const rows = await context.store.rows(
    `SELECT c.* EXCLUDE (file_id), f.file_hash FROM core.contract c JOIN raw.file f USING (file_id)
     WHERE c.source_id = 'ocds' ORDER BY record_key, known_from`,
  );
  const compiled = await context.store.rows(
    `SELECT c.ocid, c.line, c.json, f.file_hash FROM raw.compiled_row c JOIN raw.file f USING (file_id)
     ORDER BY ocid, file_hash, line`,
  );
  context.store.close();
  return { rows, compiled };
}

test("one bad file among many refuses itself alone; what comes later compiles to the same as all at once", async () => {
  const workspace = makeReleasesCity();
  for (let at = 0; at < 30; at += 1) add(workspace, `${at}.json`, first(at, 100 + at));
  add(workspace, "bad.json", '{"ocid": "p-31", ');
  add(workspace, "deep.json", `${"[".repeat(5000)}${"]".repeat(5000)}`);
  const config = tinyConfig(workspace);
  const before = await runTiny(config, undefined, "conform");
  const pulled = await before.context.store.row(
    `SELECT count(*)::INTEGER AS files, count(*) FILTER (refused_because IS NOT NULL)::INTEGER AS refused,
      count(DISTINCT parquet_path) FILTER (parquet_path <> '')::INTEGER AS parquet FROM raw.file WHERE source_id = 'ocds'`,
  );
  const told = before.outcomes.flatMap(({ notes }) => notes.map(({ en }) => en)).join("\n");
  before.context.store.close();
  expect(pulled).toEqual({ files: 32, refused: 2, parquet: 1 });
  expect(told).toContain("was refused. The file is not valid JSON");
  const raw = readdirSync(join(config.dataDir, "tiny", "raw", "ocds"));
  expect(raw).toEqual([expect.stringMatching(/^together-[0-9a-f]{64}\.parquet$/)]);

  add(workspace, "further-3.json", later(3, "2", "10", AMOUNT(600)));
  add(workspace, "further-40.json", first(40, 40));
  const grown = await holdings(await runTiny(config, undefined, "conform"));
  const fresh = await holdings(await runTiny(tinyConfig(workspace), undefined, "conform"));
  expect(grown.rows).toHaveLength(32);
  expect(grown).toEqual(fresh);
});

async function withdraw(config: Config, file: string, asOf: string, undo = false): Promise<void> {
  const store = await Store.open(join(config.dataDir, "tiny/working.duckdb"), config);
  try {
    const found = await findFile(store, { source: "ocds", file, undo });
    const when = { knownAt: asOf, otherwise: asOf };
    await withdrawFile(store, {
      source: "ocds",
      file: found,
      undo,
      reason: "合成 a test",
      ...when,
    });
  } finally {
    store.close();
  }
}

async function known(config: Config, asOf: string) {
  const { context } = await runTiny(config, { period: "2018-06", asOf }, "conform");
  const row = await context.store.row<Record<string, string>>(
    `SELECT CAST(amount AS VARCHAR) AS amount, CAST(paid_amount AS VARCHAR) AS paid FROM known.contract WHERE source_id = 'ocds'`,
  );
  context.store.close();
  return row;
}

test("states that later files made are without what a withdrawn file said, from then on and until it is back", async () => {
  const workspace = makeReleasesCity();
  const transaction = { id: "t", date: "2018-06-18", value: { amount: 500, currency: "CNY" } };
  add(workspace, "1.json", first(1, 500));
  add(workspace, "2.json", later(1, "2", "10", AMOUNT(600)));
  add(
    workspace,
    "3.json",
    later(1, "3", "20", { implementation: { transactions: [transaction] } }),
  );
  const config = tinyConfig(workspace);
  expect(await known(config, "2018-07-10 00:00:00")).toEqual({ amount: "600.00", paid: "500.00" });
  await withdraw(config, "2.json", "2018-07-20 00:00:00");
  expect(await known(config, "2018-07-25 00:00:00")).toEqual({ amount: "500.00", paid: "500.00" });
  expect(await known(config, "2018-07-10 00:00:00")).toEqual({ amount: "600.00", paid: "500.00" });
  await withdraw(config, "2.json", "2018-08-01 00:00:00", true);
  expect(await known(config, "2018-08-10 00:00:00")).toEqual({ amount: "600.00", paid: "500.00" });
  expect(await known(config, "2018-07-25 00:00:00")).toEqual({ amount: "500.00", paid: "500.00" });
});

test("the least number of rows is asked of all files together, not of each with its one release", async () => {
  const workspace = makeReleasesCity();
  for (let at = 0; at < 3; at += 1) add(workspace, `${at}.json`, first(at, 100));
  const source = join(workspace, "pipelines", "sources", "ocds.yaml");
  const text = readFileSync(source, "utf8");
  const run = async (least: number) => {
    writeFileSync(
      source,
      text.replace("expectations: {", `expectations: { rows: { min: ${least} },`),
    );
    const { context, outcomes } = await runTiny(tinyConfig(workspace), undefined, "conform");
    const row = await context.store.row<{ rows: number }>(
      "SELECT count(*)::INTEGER AS rows FROM core.contract WHERE source_id = 'ocds'",
    );
    context.store.close();
    const told = outcomes.flatMap(({ notes }) => notes.map(({ en }) => en)).join("\n");
    return { rows: row?.rows, told };
  };
  expect((await run(3)).rows).toBe(3);
  const { rows, told } = await run(4);
  expect(rows).toBe(0);
  expect(told).toContain("All files together have 3 rows, fewer than the 4 expected at least");
});

test("a release without ocid and an award that does not exist are set aside, by file and release", async () => {
  const workspace = makeReleasesCity();
  const { ocid: _, ...nameless } = first(1, 100);
  add(workspace, "nameless.json", { releases: [first(2, 100), nameless] });
  const lost = { ...first(3, 100), contracts: [{ id: "c", awardID: "none" }] };
  add(workspace, "lost.json", { releases: [first(4, 100), first(5, 100), lost] });
  const { context } = await runTiny(tinyConfig(workspace), undefined, "conform");
  const rows = await context.store.rows<Record<string, unknown>>(
    `SELECT f.file_name AS file, q.line::INTEGER AS line, q.reason, q.column_name AS of, coalesce(q.message_en, '') AS en
     FROM quarantine.row q JOIN raw.file f USING (file_id) WHERE q.source_id = 'ocds' ORDER BY file`,
  );
  const held = await context.store.row<{ rows: number }>(
    "SELECT count(*)::INTEGER AS rows FROM core.contract WHERE source_id = 'ocds'",
  );
  context.store.close();
  expect(held?.rows).toBe(3);
  // The line is the release's number in the file, and of a contract five digits more.
  expect(rows.map(({ file, line, reason }) => [file, line, reason])).toEqual([
    ["lost.json", 300_001, "missing"],
    ["nameless.json", 2, "unreadable"],
  ]);
  expect(rows[1]?.en).toContain("without ocid");
  expect(rows[0]?.en).toBe(
    'Release 3 of the file "lost.json" (ocid p-3): the award "none" that the contract names by awardID is in no release delivered, so that the column "awards[id=$contracts.awardID].date" is empty; deliver the award\'s release, or correct the awardID.',
  );
});

test("of an archive one bad file is told by its name, and the others are used", async () => {
  const workspace = makeReleasesCity();
  const files = [1, 2, 3].map((each) => [
    `${each}.json`,
    strToU8(JSON.stringify(first(each, 100))),
  ]);
  const archive = zipSync({ ...Object.fromEntries(files), "bad.json": strToU8("{") });
  addReleases(workspace, "all.json.zip", Buffer.from(archive));
  const { context } = await runTiny(tinyConfig(workspace), undefined, "conform");
  const held = await context.store.row<{ rows: number }>(
    "SELECT count(*)::INTEGER AS rows FROM core.contract WHERE source_id = 'ocds'",
  );
  const told = await context.store.rows<{ en: string }>(
    "SELECT message_en AS en FROM quarantine.row WHERE source_id = 'ocds'",
  );
  context.store.close();
  expect(held?.rows).toBe(3);
  expect(told.map(({ en }) => en)).toEqual([
    expect.stringMatching(
      /^The file "all\.json\.zip": The file "bad\.json" in the archive was not read, the others were: /,
    ),
  ]);
});

/** What is held of contracts in June 2018 by process, as amount and stage, and what the run told. */
async function heldNow(workspace: string, config: Config) {
  const { context, outcomes } = await runTiny(config, undefined, "conform");
  const rows = await context.store.rows<{ ocid: string; held: string }>(
    `SELECT project_no AS ocid, concat_ws(' ', amount, stage) AS held FROM known.contract WHERE source_id = 'ocds' ORDER BY ocid`,
  );
  const faults = await context.store.rows<{ reason: string; rows: number }>(
    `SELECT reason, count(DISTINCT (file_id, line))::INTEGER AS rows FROM quarantine.row WHERE source_id = 'ocds' GROUP BY reason ORDER BY reason`,
  );
  context.store.close();
  const told = outcomes.flatMap(({ notes }) => notes.map(({ en }) => en)).join("\n");
  return { held: rows.map(({ ocid, held }) => `${ocid} ${held}`), faults, told, workspace };
}

/** The releases city whose source expects what every source does of its rows. */
function makeStrictCity(): string {
  const workspace = makeReleasesCity();
  const source = join(workspace, "pipelines", "sources", "ocds.yaml");
  writeFileSync(source, readFileSync(source, "utf8").replace(/expectations: .*\n/, ""));
  return workspace;
}

test("a first delivery that begins in mid-stream: what began before waits, is counted, and refuses nothing", async () => {
  const workspace = makeStrictCity();
  const config = tinyConfig(workspace);
  const updates = [1, 2, 3, 4].map((each) => ({
    ...later(each, "2", "10", AMOUNT(600)),
    tag: ["contractAmendment"],
  }));
  const whole = { ...first(9, 900), tag: ["award", "contract"] };
  add(workspace, "stream.json", { releases: [...updates, whole] });
  const begun = await heldNow(workspace, config);
  expect(begun.held).toEqual(["p-9 900.00"]);
  expect(begun.faults).toEqual([{ reason: "began-before", rows: 4 }]);
  expect(begun.told).toContain("4 rows wait for earlier releases");
  add(workspace, "earlier.json", { releases: [{ ...first(1, 100), tag: ["award", "contract"] }] });
  const grown = await heldNow(workspace, config);
  expect(grown.held).toEqual(["p-1 600.00", "p-9 900.00"]);
  expect(grown.faults).toEqual([{ reason: "began-before", rows: 3 }]);
});

test("releases that begin a process and lack what is needed are bad rows all the same", async () => {
  const workspace = makeStrictCity();
  const { buyer: _, ...nameless } = first(1, 100);
  add(workspace, "bad.json", { releases: [{ ...nameless, tag: ["award", "contract"] }] });
  add(workspace, "good.json", { releases: [first(2, 200)] });
  const { held, told } = await heldNow(workspace, tinyConfig(workspace));
  expect(held).toEqual(["p-2 200.00"]);
  expect(told).toContain("went to quarantine, more than the 5.0% allowed");
});

test.each<[string, object]>([
  ["its award", { awards: null }],
  ["its buyer", { buyer: null }],
])("a contract that loses %s ends with that release, and is told", async (_, deletion) => {
  const workspace = makeReleasesCity();
  const date = "2018-06-10T09:00:00+08:00";
  add(workspace, "1.json", { releases: [first(1, 100), first(2, 200)] });
  add(workspace, "2.json", { ocid: "p-1", id: "2", date, ...deletion });
  const config = tinyConfig(workspace);
  const { held, faults } = await heldNow(workspace, config);
  expect(held).toEqual(["p-1 100.00 cancelled", "p-2 200.00"]);
  expect(faults).toEqual([{ reason: "missing", rows: 1 }]);
});

test("a contract whose award was in a file that is withdrawn ends with the withdrawal, and comes back with it", async () => {
  const workspace = makeReleasesCity();
  const { contracts, ...awarded } = first(1, 100);
  add(workspace, "award.json", { ...awarded, tag: ["award"] });
  add(workspace, "contract.json", { ...later(1, "2", "10", {}), tag: ["contract"], contracts });
  const config = tinyConfig(workspace);
  const stage = async (asOf: string) => {
    const { context } = await runTiny(config, { period: "2018-06", asOf }, "conform");
    const row = await context.store.row<{ stage: string | null }>(
      "SELECT stage FROM known.contract WHERE source_id = 'ocds'",
    );
    context.store.close();
    return row?.stage;
  };
  expect(await stage("2018-07-10 00:00:00")).toBe(null);
  await withdraw(config, "award.json", "2018-07-20 00:00:00");
  expect(await stage("2018-07-25 00:00:00")).toBe("cancelled");
  expect(await stage("2018-07-10 00:00:00")).toBe(null);
  await withdraw(config, "award.json", "2018-08-01 00:00:00", true);
  expect(await stage("2018-08-10 00:00:00")).toBe(null);
});
