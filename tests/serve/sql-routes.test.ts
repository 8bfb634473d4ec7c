import { tableFromIPC } from "apache-arrow";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TABLES } from "../../src/publish/tables.ts";
import { readDictionary } from "../../src/serve/sql/dictionary.ts";
import { TYPES } from "../../src/serve/sql-routes.ts";
import { type SqlServer, serveSql } from "./sql-server.ts";

let server: SqlServer;
beforeAll(async () => {
  server = await serveSql({ mostRows: 50_000, seconds: 5 });
});
afterAll(() => server.close());

const ask = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${server.address}/api/sql`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Role": "analyst", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

test("is for analysts and above", async () => {
  const status = async (role: string) =>
    (await ask({ sql: "SELECT 1" }, { "X-Role": role })).status;
  expect(await Promise.all(["public", "analyst", "officer", "admin"].map(status))).toEqual([
    401, 200, 200, 200,
  ]);
});

// biome-ignore lint/suspicious/noExplicitAny: checked field by field
const readJson = (response: Response): Promise<any> => response.json();

test("a short answer is whole, in the form asked for, and its headers say all about it", async () => {
  const sql = "SELECT entity_id, score FROM rank ORDER BY score DESC";
  const json = await ask({ sql, pipeline: "tiny", period: "2018-12" });
  expect([
    ...["X-Zhengxin-Period", "X-Zhengxin-As-Of", "X-Zhengxin-Rows", "X-Zhengxin-Truncated"].map(
      (name) => json.headers.get(name),
    ),
  ]).toEqual(["2018-12", "2019-01-10 00:00:00", "3", "false"]);
  expect((await readJson(json)).rows).toEqual([
    ["b0", 90],
    ["b1", 79.5],
    ["b2", 69],
  ]);
  const arrow = await ask({ sql }, { Accept: TYPES.arrow });
  expect(arrow.headers.get("Content-Type")).toBe(TYPES.arrow);
  expect(tableFromIPC(new Uint8Array(await arrow.arrayBuffer())).numRows).toBe(3);
  const csv = await ask({ sql }, { Accept: "text/csv" });
  expect(await csv.text()).toBe("entity_id,score\r\nb0,90\r\nb1,79.5\r\nb2,69\r\n");
  const parquet = await ask(
    { sql },
    { Accept: "application/vnd.apache.parquet, application/json;q=0.5" },
  );
  expect(
    Buffer.from(await parquet.arrayBuffer())
      .subarray(-4)
      .toString(),
  ).toBe("PAR1");
});

test("rows wanted at most are all there are, and a long answer streams", async () => {
  const few = await ask({ sql: "FROM complaint", rows: 10 });
  expect(few.headers.get("X-Zhengxin-Truncated")).toBe("true");
  expect((await readJson(few)).row_count).toBe(10);
  const long = await ask({
    sql: "SELECT range, 'a text of some length' AS text FROM range(60000)",
  });
  expect(long.headers.get("Trailer")).toContain("X-Zhengxin-Truncated");
  expect(await long.json()).toMatchObject({ row_count: 50_000, truncated: true });
});

test("faults are sentences with their place and a status of their own", async () => {
  const said = async (body: unknown) => {
    const response = await ask(body);
    const { error } = await readJson(response);
    expect(error.zh && error.en).toBeTruthy();
    return [response.status, error.code, error.position];
  };
  expect(await said({ sql: "SELEC 1" })).toEqual([400, "syntax", 0]);
  expect(await said({ sql: "SELECT nothing FROM rank" })).toEqual([400, "failed", 7]);
  expect(await said({ sql: "COPY rank TO 'x'" })).toEqual([403, "refused", undefined]);
  expect(await said({ sql: "SELECT * FROM read_text('/etc/passwd')" })).toEqual([
    403,
    "refused",
    14,
  ]);
  expect(await said({ sql: "SELECT list(range) FROM range(1000000000)" })).toEqual([
    413,
    "memory",
    undefined,
  ]);
  expect(await said({ sql: "SELECT 1", period: "2018-12", as_of: "2019-01-09" })).toEqual([
    404,
    "noSuchMonth",
    undefined,
  ]);
  expect(await said({ sql: "SELECT 1", pipeline: "nowhere" })).toEqual([
    404,
    "noSuchMonth",
    undefined,
  ]);
  expect(await said({ sql: "SELECT 1", extra: 1 })).toEqual([400, "faulty", undefined]);
  expect(await said("no JSON")).toEqual([400, "faulty", undefined]);
});

test("the dictionary beside the editor has every table with the meanings of its columns", () => {
  const tables = new Map(readDictionary().map((table) => [table.name, table]));
  for (const { name } of TABLES) expect([...tables.keys()]).toContain(name);
  expect(tables.get("complaint")?.columns.find(({ name }) => name === "due_at")?.type).toBe(
    "TIMESTAMP",
  );
  expect(tables.get("complaint")?.columns.find(({ name }) => name === "flags")?.type).toBe(
    "VARCHAR[]",
  );
  expect(tables.get("rank")?.columns.find(({ name }) => name === "score")?.text).toContain("总分");
});
