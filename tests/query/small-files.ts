import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { PoolOptions, QueryAnswer } from "../../src/query/pool.ts";

/** A pool for tests: little of everything. */
export const SMALL: PoolOptions = {
  cache: mkdtempSync(join(tmpdir(), "asked-copies-")),
  memory: "200MB",
  threads: 1,
  spillSize: "50MB",
  mostResident: 700 * 2 ** 20,
  processes: 2,
  perUser: 2,
  waitingPerUser: 1000,
  seconds: 2,
  mostRows: 100_000,
  mostBytes: 10_000_000,
};

/** Two database files as a published folder has them: 300 complaints and a ranking of three. */
export async function makeFiles(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "asked-"));
  const make = async (name: string, ...statements: string[]) => {
    const file = join(folder, name);
    const instance = await DuckDBInstance.create(file);
    const connection = await instance.connect();
    for (const statement of statements) await connection.run(statement);
    connection.closeSync();
    instance.closeSync();
    return file;
  };
  return [
    await make(
      "records.duckdb",
      "CREATE TABLE complaint AS SELECT 'C' || range AS record_key, 'b' || range % 3 AS entity_id, CAST(range AS DECIMAL(9,2)) / 4 AS days FROM range(300)",
    ),
    await make(
      "published.duckdb",
      "CREATE TABLE rank AS SELECT 'b' || range AS entity_id, 90 - range * 10.5 AS score FROM range(3)",
    ),
  ];
}

/** All of an answer, and how it ended. */
export async function readAnswer({ body, columns }: QueryAnswer) {
  const pieces: Uint8Array[] = [];
  for (;;) {
    const step = await body.next();
    if (step.done) return { columns, bytes: Buffer.concat(pieces), ending: step.value };
    pieces.push(step.value);
  }
}
