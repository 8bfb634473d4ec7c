import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { ALLOWED } from "../../src/query/allowed.ts";

const LEFT_OUT = join(import.meta.dirname, "left-out.txt");

/** Names of DuckDB's functions; a table function is called so behind its name. */
async function readFunctions(): Promise<string[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(
    "SELECT DISTINCT lower(function_name), function_type IN ('table', 'table_macro') FROM duckdb_functions() WHERE function_type <> 'pragma' ORDER BY ALL",
  );
  const names = reader.getRows().map(([name, isTable]) => `${name}${isTable ? " (table)" : ""}`);
  connection.closeSync();
  instance.closeSync();
  return names;
}

test("what this version of DuckDB has and statements may not call is known by name", async () => {
  const left = (await readFunctions()).filter((name) => {
    const [, bare = name, table] = /^(.*?)( \(table\))?$/.exec(name) ?? [];
    return !ALLOWED[table ? "table functions" : "functions"].has(bare);
  });
  // A function that a new version brings shows here: list it in src/query/allowed.txt, or among those left out.
  expect(left).toEqual(readFileSync(LEFT_OUT, "utf8").trim().split("\n"));
});

test("nothing that looks beyond the data is allowed", () => {
  const names = [...ALLOWED.functions, ...ALLOWED["table functions"]];
  expect(
    names.filter((name) =>
      /^(?:pragma|duckdb|pg|read|parquet|sniff|arrow|enable|disable|force|truncate)_|setting|variable|schema|current_|_log$|sleep|query|glob|scan/.test(
        name,
      ),
    ),
  ).toEqual([]);
  expect(names.length).toBeGreaterThan(400);
  expect(ALLOWED.types.has("decimal")).toBe(true);
});
