import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { openPool } from "../../src/query/pool.ts";
import { type LeftOut, openVisible } from "../../src/query/visible.ts";
import { readAnswer, SMALL } from "./small-files.ts";

/** A published database with warnings of two files, one of them not for everybody. */
async function publish(): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), "published-")), "published.duckdb");
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  for (const statement of [
    "CREATE TABLE warning_level (warnings_id VARCHAR NOT NULL, entity_id VARCHAR, level VARCHAR)",
    "INSERT INTO warning_level VALUES ('conduct', 'b1', 'yellow'), ('kept-back', 'b1', 'red'), ('kept-back', 'b2', 'orange')",
    "CREATE TABLE run AS SELECT 'r1' AS run_id",
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
    expect(
      await ask('SELECT column_name, "null" FROM (DESCRIBE warning_level) LIMIT 1', leave(null)),
    ).toBe("\ufeffcolumn_name,null\r\nwarnings_id,NO\r\n");
  } finally {
    pool.close();
  }
});

test("a month published before there were such tables is asked as it is; one that lacks columns is not, nor is a broken file", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "published-")), "published.duckdb");
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run("CREATE TABLE run AS SELECT 'a' AS run_id");
  connection.closeSync();
  instance.closeSync();
  expect(await openVisible(options())([file], leave(null))).toEqual([file]);
  // One that has the table but not the column cannot be said to show what it may.
  const lacking = await publish();
  const changed = await DuckDBInstance.create(lacking);
  const change = await changed.connect();
  await change.run("ALTER TABLE warning_level DROP COLUMN entity_id");
  change.closeSync();
  changed.closeSync();
  await expect(openVisible(options())([lacking], leave(null))).rejects.toMatchObject({
    fault: { kind: "failed" },
    cause: { name: "QueryError" },
  });
  const broken = { cache: "/dev/null/asked", memory: "200MB" };
  await expect(openVisible(broken)([await publish()], leave(null))).rejects.toMatchObject({
    fault: { kind: "failed", zh: expect.stringContaining("asked") },
  });
});
