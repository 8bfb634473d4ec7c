import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { TABLES } from "../../src/publish/tables.ts";
import { openPool } from "../../src/query/pool.ts";
import { type LeftOut, openVisible } from "../../src/query/visible.ts";
import { sqlFile } from "../../src/store/sql-file.ts";
import { readAnswer, SMALL } from "./small-files.ts";

const layout = sqlFile(join(import.meta.dirname, "../../src/publish"), "table-layout.sql");

/** A published database with warnings of two files, one of them not for everybody; changed as asked. */
async function publish(...changes: string[]): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), "published-")), "published.duckdb");
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  for (const statement of [
    ...TABLES.map(({ name }) => layout(name, { table: `"${name}"` })),
    `INSERT INTO warning_level (warnings_id, entity_id, level)
     VALUES ('conduct', 'b1', 'yellow'), ('kept-back', 'b1', 'red'), ('kept-back', 'b2', 'orange')`,
    "INSERT INTO run (run_id) VALUES ('r1')",
    ...changes,
  ])
    await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
  return file;
}
const options = () => ({ cache: mkdtempSync(join(tmpdir(), "copies-")), memory: "200MB" });
const leave = (body: string | null): LeftOut => ({
  withheld: [{ kind: "warnings", id: "kept-back", audience: "bodies" }],
  ...{ body, view: `bodies ${body}` },
});

test("what is withheld is in no byte of the file a question is asked of", async () => {
  const file = await publish();
  const { cache, memory } = options();
  const visible = openVisible({ cache, memory });
  expect(await visible([file])).toEqual([file]);
  expect(await visible([file], { withheld: [], body: null, view: "public" })).toEqual([file]);
  const [[after = ""], [again]] = await Promise.all([
    visible([file], leave(null)),
    visible([file], leave(null)),
  ]);
  expect(after).not.toBe(file);
  expect(again).toBe(after);
  expect(readFileSync(file).includes("kept-back")).toBe(true);
  expect(readFileSync(after).includes("kept-back")).toBe(false);
  expect(readFileSync(after).includes("conduct")).toBe(true);
  // Another program finds it made, and nothing half made lies about.
  expect(await openVisible({ cache, memory })([file], leave(null))).toEqual([after]);
  expect(readdirSync(dirname(dirname(after)))).toHaveLength(1);
});

test("no statement brings it out, by whatever name, but for the body it is about", async () => {
  const file = await publish();
  const pool = openPool({ ...SMALL, ...options() });
  try {
    const ask = async (sql: string, left: LeftOut) =>
      (
        await readAnswer(await pool.run({ user: "a", files: [file], left, sql, format: "csv" }))
      ).bytes.toString();
    for (const table of ["warning_level", "published.main.warning_level"]) {
      expect(await ask(`SELECT level FROM ${table}`, leave(null))).toBe(
        "\ufefflevel\r\nyellow\r\n",
      );
    }
    expect(await ask("SELECT level FROM warning_level ORDER BY level", leave("b2"))).toBe(
      "\ufefflevel\r\norange\r\nyellow\r\n",
    );
  } finally {
    pool.close();
  }
});

test("a month of an older layout is asked as one of today: what it lacks is there and empty", async () => {
  const file = await publish(
    "DROP TABLE list_entry",
    "ALTER TABLE warning_level DROP COLUMN entity_id",
    "ALTER TABLE value DROP COLUMN undelivered",
    "INSERT INTO value (entity_id, indicator_id) VALUES ('b1', 'B1')",
    "CREATE TABLE redaction AS SELECT 3 AS records",
  );
  const pool = openPool({ ...SMALL, ...options() });
  try {
    const ask = async (sql: string, left: LeftOut) =>
      (
        await readAnswer(await pool.run({ user: "a", files: [file], left, sql, format: "csv" }))
      ).bytes.toString();
    const whole: LeftOut = { withheld: [], body: null, view: "internal" };
    const counts = `SELECT (SELECT count(*) FROM list_entry) AS lists, (SELECT count(entity_id) FROM warning_level) AS bodies,
      (SELECT count(*) FROM warning_level) AS warnings, (SELECT undelivered FROM value) AS undelivered, (SELECT records FROM redaction) AS left_out`;
    const head = "\ufefflists,bodies,warnings,undelivered,left_out\r\n";
    expect(await ask(counts, whole)).toBe(`${head}0,0,3,0,3\r\n`);
    // Of rows without a body nobody is told as of their own.
    expect(await ask(counts, leave("b2"))).toBe(`${head}0,0,1,0,3\r\n`);
  } finally {
    pool.close();
  }
});

test("a broken database and a folder that cannot be written are told in a sentence", async () => {
  const broken = join(mkdtempSync(join(tmpdir(), "published-")), "published.duckdb");
  writeFileSync(broken, "no database");
  await expect(openVisible(options())([broken], leave(null))).rejects.toMatchObject({
    fault: { kind: "failed" },
    cause: { name: "OpeningError" },
  });
  const unwritable = { cache: "/dev/null/asked", memory: "200MB" };
  await expect(openVisible(unwritable)([await publish()], leave(null))).rejects.toMatchObject({
    fault: { kind: "failed", zh: expect.stringContaining("asked") },
  });
});
