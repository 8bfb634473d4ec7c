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
    `CREATE TABLE item AS SELECT * FROM (VALUES ('b1', 'over-with-it', NULL, 1, 7), ('b2', 'lasting', NULL, 1, 8), ('b2', 'repaired', DATE '2019-02-01', 1, 9))
      t(entity_id, record_key, ended_on, file_id, line)`,
    `CREATE TABLE contribution_detail AS SELECT * FROM (VALUES ('b1', 'record', 'over-with-it', 1, 7, -5), ('b1', 'category', 'serious', NULL, NULL, -1),
      ('b2', 'record', 'repaired', 1, 9, -2)) t(entity_id, detail_kind, detail, file_id, line, points)`,
    `CREATE TABLE list_entry AS SELECT entity_id, 'black: No. 7, serious' AS reason_zh, 'No. 7' AS reason_en, record_key, 'No. 7' AS document_no, file_id, line
      FROM item WHERE line < 9`,
    "CREATE TABLE restriction AS FROM list_entry",
  ])
    await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
  return file;
}

/** The same without a column that a statement needs: nobody can say what of it may be shown. */
async function publishWithout(column: string): Promise<string> {
  const file = await publish();
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run(`ALTER TABLE contribution_detail DROP COLUMN ${column}`);
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

test("no other table names it; what it counted for stays", async () => {
  const pool = openPool({ ...SMALL, ...options() });
  try {
    const [file] = [await publish()];
    const ask = async (sql: string, today: string) => {
      const { bytes } = await readAnswer(
        await pool.run({ user: "a", files: [file], today, sql, format: "json" }),
      );
      return JSON.parse(bytes.toString()).rows;
    };
    expect(
      await ask("SELECT record_key, file_id, line FROM item ORDER BY ALL", "2019-01-31"),
    ).toEqual([
      ...[
        ["lasting", 1, 8],
        ["over-with-it", 1, 7],
        ["repaired", 1, 9],
      ],
    ]);
    expect(
      await ask("SELECT record_key, file_id, line FROM item ORDER BY ALL", "2019-02-01"),
    ).toEqual([
      ...[
        ["lasting", 1, 8],
        [null, null, null],
        [null, null, null],
      ],
    ]);
    expect(
      await ask(
        "SELECT detail, line, points FROM contribution_detail ORDER BY points",
        "2019-02-01",
      ),
    ).toEqual([
      ...[
        [null, null, -5],
        [null, null, -2],
        ["serious", null, -1],
      ],
    ]);
    for (const table of ["list_entry", "restriction"]) {
      expect(await ask(`FROM ${table} ORDER BY entity_id`, "2019-02-01")).toEqual([
        ["b1", "black: –, serious", "–", null, null, null, null],
        ["b2", "black: No. 7, serious", "No. 7", "lasting", "No. 7", 1, 8],
      ]);
    }
  } finally {
    pool.close();
  }
});

test("a month published before there were such columns is asked as it is; one that lacks others is not, nor is a broken file", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "published-")), "published.duckdb");
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run("CREATE TABLE dishonesty_record AS SELECT 'a' AS record_key");
  connection.closeSync();
  instance.closeSync();
  expect(await openVisible(options())([file], "2019-02-01")).toEqual([file]);
  await expect(
    openVisible(options())([await publishWithout("detail_kind")], "2019-02-01"),
  ).rejects.toMatchObject({
    fault: { kind: "failed" },
    cause: { name: "QueryError" },
  });
  const broken = { cache: "/dev/null/asked", memory: "200MB" };
  await expect(openVisible(broken)([await publish()], "2019-02-01")).rejects.toMatchObject({
    fault: { kind: "failed", zh: expect.stringContaining("asked") },
  });
});
