import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { openPool } from "../../src/query/pool.ts";
import { openVisible } from "../../src/query/visible.ts";
import { readAnswer, SMALL } from "./small-files.ts";

/** A published database with one record that is over on 1 February 2019 and one that is not over. */
async function publish(): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), "published-")), "published.duckdb");
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  for (const statement of [
    "CREATE TABLE dishonesty_record (record_key VARCHAR NOT NULL, entity_id VARCHAR, publication_ends_on DATE)",
    "INSERT INTO dishonesty_record VALUES ('over-with-it', 'b1', '2019-02-01'), ('lasting', 'b2', NULL)",
    "CREATE TABLE record_event AS SELECT record_key, entity_id, 'listed' AS kind FROM dishonesty_record",
    "CREATE TABLE rank AS SELECT 'b1' AS entity_id, 90.0 AS score",
  ])
    await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
  return file;
}
const options = () => ({ cache: mkdtempSync(join(tmpdir(), "copies-")), memory: "200MB" });

test("what is over is in no byte of the file a question is asked of", async () => {
  const file = await publish();
  const { cache, memory } = options();
  const visible = openVisible({ cache, memory });
  const [before] = await visible([file], "2019-01-31");
  expect(before).toBe(file);
  const [, [after = ""]] = await Promise.all([
    visible([file], "2019-02-01"),
    visible([file], "2019-02-01"),
  ]);
  expect(after).not.toBe(file);
  expect(readFileSync(file).includes("over-with-it")).toBe(true);
  expect(readFileSync(after).includes("over-with-it")).toBe(false);
  expect(readFileSync(after).includes("lasting")).toBe(true);
  // Another program finds it made, and removes it when its day is over.
  expect(await openVisible({ cache, memory })([file], "2019-02-01")).toEqual([after]);
  const [next = ""] = await visible([file], "2019-02-02");
  expect(existsSync(after)).toBe(false);
  expect(readdirSync(dirname(dirname(next)))).toEqual(["2019-02-02"]);
});

test("no statement brings it out, by whatever name", async () => {
  const file = await publish();
  const pool = openPool({ ...SMALL, ...options() });
  try {
    const ask = async (sql: string) =>
      (
        await readAnswer(
          await pool.run({ user: "a", files: [file], today: "2019-02-01", sql, format: "csv" }),
        )
      ).bytes.toString();
    expect(await ask("SELECT record_key FROM published.main.dishonesty_record")).toBe(
      "\ufeffrecord_key\r\nlasting\r\n",
    );
    expect(await ask("SELECT record_key FROM record_event")).toBe(
      "\ufeffrecord_key\r\nlasting\r\n",
    );
    expect(await ask('SELECT column_name, "null" FROM (DESCRIBE dishonesty_record) LIMIT 1')).toBe(
      "\ufeffcolumn_name,null\r\nrecord_key,NO\r\n",
    );
  } finally {
    pool.close();
  }
});

test("a month published before there were such columns is asked as it is; a broken file is told of", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "published-")), "published.duckdb");
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run("CREATE TABLE dishonesty_record AS SELECT 'a' AS record_key");
  connection.closeSync();
  instance.closeSync();
  expect(await openVisible(options())([file], "2019-02-01")).toEqual([file]);
  const broken = { cache: "/dev/null/asked", memory: "200MB" };
  await expect(openVisible(broken)([await publish()], "2019-02-01")).rejects.toMatchObject({
    fault: { kind: "failed", zh: expect.stringContaining("asked") },
  });
});
