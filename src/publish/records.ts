import { createHash } from "node:crypto";
import { join } from "node:path";
import { KINDS } from "../standard/source-definition.ts";
import { digestQuery } from "../store/arrow.ts";
import { quoteLiteral, sqlFile } from "../store/sql-file.ts";
import { Store } from "../store/store.ts";
import { NEW_DATABASE } from "./files.ts";

const sql = sqlFile(import.meta.dirname, "records.sql");

/**
 * The database of single records, for analysts only: the public sees them counted, small counts merged, in
 * published.duckdb and its sister files.
 */
export const RECORDS = "records.duckdb";

/**
 * Its tables: every kind of record as known at the as-of time, without persons, free text and the names and codes of
 * the subjects. Records of dishonesty are not among them: they are published by the rules of their life cycle.
 */
export const RECORD_TABLES = KINDS.filter(
  (kind) => !["entity", "entity_code", "dishonesty_record", "record_event"].includes(kind),
);

/**
 * Writes records.duckdb from the views of what is known and the draft's table publish_file_number.
 * @param whole whether with what governments do not publish of their debt
 * @returns what digestRecords says of it
 */
export async function writeRecords(store: Store, folder: string, whole: boolean): Promise<string> {
  await store.run(
    `ATTACH ${quoteLiteral(join(folder, RECORDS))} AS single_records (${NEW_DATABASE})`,
  );
  try {
    await store.transaction(async () => {
      for (const table of RECORD_TABLES) {
        await store.run(`CREATE TABLE single_records.main.${table} AS ${queryOf(table, whole)}`);
      }
    });
    await store.run("CHECKPOINT single_records");
    return await digestTables(store);
  } finally {
    await store.run("DETACH single_records");
  }
}

function queryOf(table: (typeof RECORD_TABLES)[number], whole: boolean): string {
  if (whole || table !== "debt_position") return sql(table);
  return sql("debt_position-open", { whole: sql(table) });
}

/**
 * What the file says, whatever its bytes: sha-256 of the lines "<table> <sha-256 of its Arrow form>\n" in the order of
 * RECORD_TABLES, texts written out.
 */
export async function digestRecords(file: string): Promise<string> {
  const store = await Store.scratch({ memory: "512MB", threads: 1 });
  try {
    await store.attach(file, "single_records");
    return await digestTables(store);
  } finally {
    store.close();
  }
}

async function digestTables(store: Store): Promise<string> {
  const sum = createHash("sha256");
  for (const table of RECORD_TABLES) {
    sum.update(`${table} ${await digestQuery(store, `FROM single_records.main.${table}`)}\n`);
  }
  return sum.digest("hex");
}

/** The columns of a record table with their types. */
export async function recordColumns(
  table: (typeof RECORD_TABLES)[number],
): Promise<{ readonly name: string; readonly type: string }[]> {
  const store = await Store.open(":memory:", { memory: "256MB", threads: 1 });
  try {
    await store.run("ATTACH ':memory:' AS draft");
    await store.run("CREATE TABLE draft.publish_file_number (held_id INTEGER, file_id INTEGER)");
    return await store.rows(
      `SELECT column_name AS name, column_type AS type FROM (DESCRIBE ${sql(table)})`,
    );
  } finally {
    store.close();
  }
}
