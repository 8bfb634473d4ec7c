import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tableFromIPC } from "apache-arrow";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Context } from "../../src/context.ts";
import { shiftPeriod } from "../../src/period.ts";
import { DATABASE } from "../../src/publish/files.ts";
import { findPublished, listPublished } from "../../src/publish/find-published.ts";
import { compareWithManifest, digestContent, readManifest } from "../../src/publish/manifest.ts";
import { openPublished } from "../../src/publish/open-published.ts";
import { publish } from "../../src/publish/publish.ts";
import { RECORDS } from "../../src/publish/records.ts";
import { TABLES } from "../../src/publish/tables.ts";
import { makeSmallCity, RUN } from "./small-city.ts";

const OPTIONS = { memory: "256MB", threads: 1 };
let context: Context;
let folder: string;

beforeAll(async () => {
  context = await makeSmallCity();
  await publish(context);
  folder = findPublished(context.dataDir, "small");
});
afterAll(() => context.store.close());

const newFolder = () => mkdtempSync(join(tmpdir(), "published "));
const filesOf = (path: string) =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .sort();

test("two publications of the same scores are equal byte for byte, the DuckDB files in what they say", async () => {
  const other = { ...context, dataDir: newFolder() };
  await publish(other);
  const second = findPublished(other.dataDir, "small");
  expect(filesOf(second)).toEqual(filesOf(folder));
  expect(filesOf(second).length).toBe(9 + 2 * TABLES.length);
  for (const path of filesOf(folder).filter((name) => !name.endsWith(".duckdb"))) {
    expect(readFileSync(join(second, path)).equals(readFileSync(join(folder, path))), path).toBe(
      true,
    );
  }
  for (const name of [DATABASE, RECORDS]) {
    expect(await digestContent(join(second, name))).toBe(await digestContent(join(folder, name)));
  }
});

test("order in which rows were inserted does not show", async () => {
  const other = await makeSmallCity();
  for (const table of [
    "scores.rank",
    "scores.node",
    "facts.value",
    "core.entity",
    "scores.contribution_detail",
  ]) {
    await other.store.script(
      `CREATE TEMP TABLE shuffled AS SELECT * FROM ${table} ORDER BY hash(${table.split(".")[1]}); DELETE FROM ${table}; INSERT INTO ${table} SELECT * FROM shuffled; DROP TABLE shuffled`,
    );
  }
  await publish(other);
  const second = findPublished(other.dataDir, "small");
  expect(readFileSync(join(second, "manifest.json"), "utf8")).toBe(
    readFileSync(join(folder, "manifest.json"), "utf8"),
  );
  other.store.close();
});

test("a second publication leaves the folder as it is", async () => {
  const before = filesOf(folder).map((path) => readFileSync(join(folder, path)).toString("base64"));
  const outcome = await publish(context);
  expect(outcome.counts.unchanged).toBe(1);
  expect(
    filesOf(folder).map((path) => readFileSync(join(folder, path)).toString("base64")),
  ).toEqual(before);
});

test("what a crash left behind is cleared, and damaged content is put aside rather than lost", async () => {
  const crashed = { ...context, dataDir: newFolder() };
  const parent = join(crashed.dataDir, "published", "small", "2018-12");
  mkdirSync(join(parent, `${RUN}.unfinished`), { recursive: true });
  writeFileSync(join(parent, `${RUN}.unfinished`, "report.html"), "half");
  mkdirSync(join(parent, RUN));
  writeFileSync(join(parent, RUN, "manifest.json"), "{");
  symlinkSync("nowhere", join(parent, "latest.unfinished"));
  symlinkSync("nowhere", join(parent, "latest"));
  writeFileSync(join(crashed.dataDir, "published", "small", "latest"), "not a pointer");
  const outcome = await publish(crashed);
  expect(outcome.notes).toHaveLength(1);
  expect(readdirSync(parent).sort()).toEqual([RUN, `${RUN}.superseded-1`, "latest"]);
  expect(readFileSync(join(parent, `${RUN}.superseded-1`, "manifest.json"), "utf8")).toBe("{");
  expect(readFileSync(join(findPublished(crashed.dataDir, "small"), "manifest.json"))).toEqual(
    readFileSync(join(folder, "manifest.json")),
  );
  expect(listPublished(crashed.dataDir, "small")).toHaveLength(1);
});

test("the pointers name the newest period, and within it the newest as-of time", async () => {
  const dataDir = newFolder();
  const of = (count: number, runId: string, asOf: string) => ({
    ...context,
    dataDir,
    runId,
    asOf,
    period: shiftPeriod(context.period, count),
    periods: context.periods,
  });
  for (const run of ["r-late", "r-early", "r-old"]) {
    await context.store.script(
      `INSERT INTO scores.run SELECT * REPLACE ('${run}' AS run_id) FROM scores.run WHERE run_id = '${RUN}';
       INSERT INTO scores.rank SELECT * REPLACE ('${run}' AS run_id) FROM scores.rank WHERE run_id = '${RUN}'`,
    );
  }
  await publish(of(0, "r-late", "2019-02-10 00:00:00"));
  await publish(of(0, "r-early", "2019-01-10 00:00:00"));
  await publish(of(-1, "r-old", "2019-03-01 00:00:00"));
  expect(findPublished(dataDir, "small").endsWith("r-late")).toBe(true);
  expect(findPublished(dataDir, "small", { period: "2018-11" }).endsWith("r-old")).toBe(true);
  expect(
    findPublished(dataDir, "small", { period: "2018-12", asOf: "2019-01-10 00:00:00" }).endsWith(
      "r-early",
    ),
  ).toBe(true);
  expect(listPublished(dataDir, "small").map(({ run, latest }) => [run, latest])).toEqual([
    ["r-old", true],
    ["r-early", false],
    ["r-late", true],
  ]);
  expect(() => findPublished(dataDir, "small", { period: "2017-01" })).toThrow(/2017-01.*2018-11/s);
});

test("the manifest names inputs, definitions and every file; a changed, missing or added file is found", async () => {
  const other = { ...context, dataDir: newFolder() };
  await publish(other);
  const path = findPublished(other.dataDir, "small");
  const manifest = readManifest(path);
  expect(manifest.inputs).toEqual([
    { source: "orders", name: "a".repeat(12), sha256: "a".repeat(64), rows: 12, refused: false },
    { source: "records", name: "b".repeat(12), sha256: "b".repeat(64), rows: 2, refused: false },
  ]);
  expect(manifest).toMatchObject({
    period: { id: "2018-12", starts_on: "2018-12-01", ends_on: "2018-12-31" },
    as_of: "2019-01-10 00:00:00",
    run: RUN,
    synthetic: true,
    standard: { id: "small", version: "1" },
  });
  expect(manifest.indicators["A1/decision-published"]).toBe("hash of A1/decision-published");
  expect(await compareWithManifest(manifest, path)).toEqual([]);
  writeFileSync(
    join(path, "ranking.csv"),
    "x".repeat(readFileSync(join(path, "ranking.csv")).length),
  );
  writeFileSync(join(path, "report.json"), "{}");
  writeFileSync(join(path, DATABASE), "no database");
  writeFileSync(join(path, "data", "more.txt"), "");
  expect(await compareWithManifest(manifest, path)).toEqual([
    { path: DATABASE, reason: "content" },
    { path: "ranking.csv", reason: "hash" },
    { path: "report.json", reason: "size" },
    { path: "data/more.txt", reason: "unlisted" },
  ]);
});

test("Parquet, Arrow and DuckDB hold the same rows, without pseudonyms, row hashes or fingerprints", async () => {
  const store = await openPublished(OPTIONS, folder);
  await store.run(`ATTACH '${join(folder, DATABASE).replaceAll("'", "''")}' AS db (READ_ONLY)`);
  for (const { name } of TABLES) {
    const columns = await store.rows<{ column_name: string }>(
      `SELECT column_name FROM (DESCRIBE SELECT * FROM published.${name})`,
    );
    const names = columns.map(({ column_name }) => column_name);
    expect(names.filter((one) => /_ref$|row_hash|fingerprint|received_at/.test(one))).toEqual([]);
    const count = await store.row<{ rows: number; differing: number }>(
      `SELECT (SELECT count(*) FROM published.${name}) AS rows,
        (SELECT count(*) FROM (SELECT * FROM published.${name} EXCEPT ALL SELECT * FROM db.main.${name})) AS differing`,
    );
    const arrow = tableFromIPC(readFileSync(join(folder, "data", `${name}.arrow`)));
    expect(arrow.schema.names).toEqual(names);
    expect([arrow.numRows, count?.differing]).toEqual([count?.rows, 0]);
  }
  for (const path of filesOf(folder)) {
    expect(readFileSync(join(folder, path)).includes("secret"), path).toBe(false);
  }
  store.close();
});

test("a category of fewer than three cases is merged, and one more while the merged are fewer than three", async () => {
  const store = await openPublished(OPTIONS, folder);
  const rows = await store.rows(
    `SELECT entity_id, category, CAST(numerator AS DOUBLE) AS numerator, CAST(denominator AS DOUBLE) AS denominator, sample_size
     FROM published.category WHERE period = '2018-12' ORDER BY entity_id, category`,
  );
  // heating (1) and water (1) are too small; together 2, so noise (5) goes with them; traffic (50) stands.
  expect(rows).toEqual([
    { entity_id: "370202", category: "(other)", numerator: 5, denominator: 7, sample_size: 7 },
    { entity_id: "370202", category: "traffic", numerator: 40, denominator: 50, sample_size: 50 },
    { entity_id: "370203", category: "noise", numerator: 3, denominator: 3, sample_size: 3 },
    { entity_id: "370203", category: "traffic", numerator: 9, denominator: 10, sample_size: 10 },
  ]);
  const details = await store.rows(
    `SELECT detail, points FROM published.contribution_detail
     WHERE period = '2018-12' AND entity_id = '370202' ORDER BY detail`,
  );
  expect(details).toEqual([
    { detail: "", points: 39.875 },
    { detail: "(other)", points: -0.375 },
    { detail: "traffic", points: -3.5 },
  ]);
  const sum = await store.row(
    `SELECT (SELECT sum(points) FROM published.contribution_detail WHERE period = '2018-12' AND entity_id = '370202') AS split,
      (SELECT points FROM published.contribution WHERE period = '2018-12' AND entity_id = '370202' AND node_id LIKE 'B2/%') AS whole`,
  );
  // 90 × 0.4 = 36 = 39.875 − 3.5 − 0.375
  expect(sum).toEqual({ split: 36, whole: 36 });
  store.close();
});

test("records and categories are published for the period and those it is compared with only", async () => {
  const store = await openPublished(OPTIONS, folder);
  const periods = (table: string) =>
    store.rows(`SELECT DISTINCT period FROM published.${table} ORDER BY period`);
  expect(await periods("category")).toEqual([{ period: "2018-11" }, { period: "2018-12" }]);
  expect(await periods("rank")).toHaveLength(4);
  const place = await store.row(
    `SELECT d.detail, f.source_id, f.file_name, d.line, d.points
     FROM published.contribution_detail d JOIN published.file f USING (file_id) WHERE d.kind = 'deduction'`,
  );
  expect(place).toEqual({
    detail: "SX-2018-001",
    source_id: "records",
    file_name: expect.stringMatching(/^[0-9a-f]{12}$/),
    line: 2,
    points: -5,
  });
  store.close();
});

test("without scores nothing is published", async () => {
  const empty = { ...context, runId: "unknown", dataDir: newFolder() };
  await expect(publish(empty)).rejects.toThrow(/no scores for 2018-12/);
  expect(existsSync(join(empty.dataDir, "published", "small", "2018-12", "unknown"))).toBe(false);
});
