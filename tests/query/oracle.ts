import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance, StatementType } from "@duckdb/node-api";
import type { Question } from "../../src/query/question.ts";

/** Says what is wrong with a statement that was allowed. Nothing of it is taken from the examiner (src/query). */
export interface Oracle {
  /** What DuckDB finds in a text that was allowed and should not have been; undefined where nothing is. */
  judge(sql: string, question: Pick<Question, "text" | "explain">): Promise<string | undefined>;
  close(): void;
}

/** Stands in every place that no answer may come from: settings, variables, logs, names of databases. */
const CANARY = "CANARY-b1f7";
const LEFT_OUT = new Set(
  readFileSync(join(import.meta.dirname, "left-out.txt"), "utf8")
    .trim()
    .split("\n")
    .map((name) => name.replace(" (table)", "")),
);
/** Those of table functions that have a harmless namesake among the functions. */
const BOTH = new Set(["histogram"]);
/** What DuckDB itself puts into a plan: the scan of a table of the database, and the order of times with zones. */
const PLANNED = ["seq_scan", "timetz_byte_comparable"];
const CALLED = /"function_name":"((?:[^"\\]|\\.)*)"/g;
/** Names alone; some of them DuckDB takes for functions where no column is called so. */
const ALONE = /"column_names":\["((?:[^"\\]|\\.)*)"\]/g;
/** The published tables, and how DuckDB's binder names them. */
const PUBLISHED =
  /^(?:(?:records|published)\.)?(?:main\.)?"?(?:rank|complaint)"?(?: AS .*| TABLESAMPLE .*)?$/is;
/** What lists the published tables reads them through. */
const LISTING = new Set(["duckdb_tables", "duckdb_views", "duckdb_columns", "in_search_path"]);
const LISTS = /information_schema|SHOW_REF/i;
const LOST_MS = 5000;
/** What a statement could change for those after it; a macro is made by a statement of another type than a query. */
const STATE = [
  "name || value FROM duckdb_settings()",
  "database_name FROM duckdb_databases()",
  "database_name || schema_name || table_name || estimated_size FROM duckdb_tables()",
  "database_name || view_name FROM duckdb_views() WHERE NOT internal",
  "name || value FROM duckdb_variables()",
  "name FROM duckdb_prepared_statements()",
  "name FROM duckdb_secrets()",
]
  .map((part) => `(SELECT list(one ORDER BY one) FROM (SELECT ${part}) t(one))`)
  .join(" UNION ALL ");

/**
 * Asks DuckDB itself, in a database of its own: how many statements there are and of which kind, which tables its binder finds
 * in them and what its plan reads, whether what is run gives the same answer as what was sent, and what either leaves behind.
 */
export async function openOracle(): Promise<Oracle> {
  let asked = await open();
  return {
    async judge(sql, question) {
      const found = await judge(asked.connection, sql, question);
      const state = await readState(asked.connection);
      if (state === asked.state) return found;
      // Whoever comes next finds a clean one.
      asked.close();
      asked = await open();
      return found ?? "leaves something behind";
    },
    close: () => asked.close(),
  };
}

async function open() {
  const instance = await DuckDBInstance.create(":memory:", {
    threads: "1",
    memory_limit: "200MB",
    custom_user_agent: CANARY,
    temp_directory: `/tmp/${CANARY}`,
    allow_persistent_secrets: "false",
  });
  const connection = await instance.connect();
  for (const statement of [
    "ATTACH ':memory:' AS records",
    "ATTACH ':memory:' AS published",
    `ATTACH ':memory:' AS "${CANARY}"`,
    "CREATE TABLE records.complaint AS SELECT 'x' AS record_key, 'b' AS entity_id, 1.5 AS days",
    "CREATE TABLE published.rank AS SELECT 'b' AS entity_id, 90.5 AS score",
    `SET VARIABLE x = '${CANARY}'`,
    `SET VARIABLE y = '${CANARY}'`,
    "SET search_path = 'records.main,published.main'",
    "SET explain_output = 'all'",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
  ])
    await connection.run(statement);
  return {
    connection,
    state: await readState(connection),
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function readState(connection: DuckDBConnection): Promise<string> {
  const reader = await connection.runAndReadAll(STATE);
  return JSON.stringify(reader.getRowsJson());
}

async function judge(
  connection: DuckDBConnection,
  sql: string,
  question: Pick<Question, "text" | "explain">,
): Promise<string | undefined> {
  return (
    (await judgeStatements(connection, sql, question.text)) ??
    (await judgeNames(connection, question.text)) ??
    (await judgeAnswers(connection, sql, question))
  );
}

async function judgeStatements(connection: DuckDBConnection, sql: string, text: string) {
  if (sql.includes("\0") || text.includes("\0")) return "has a NUL";
  const given = await connection.extractStatements(sql);
  if (given.count !== 1) return `${given.count} statements were given`;
  const run = await connection.extractStatements(text);
  if (run.count !== 1) return `${run.count} statements are run`;
  try {
    const { statementType } = await run.prepare(0);
    if (statementType !== StatementType.SELECT) return `one of type ${statementType} is run`;
  } catch {
    // It names what is not there, or does not fit: nothing is run then.
  }
  return undefined;
}

/** What the statement that is run calls and reads, by DuckDB's tree, its binder and its plan before it is made better. */
async function judgeNames(connection: DuckDBConnection, text: string) {
  const tree = String(
    await read(connection, "SELECT json_serialize_sql(CAST($text AS VARCHAR))::VARCHAR", { text }),
  );
  const called = namesIn(tree, CALLED).find((name) => !BOTH.has(name));
  if (called !== undefined) return `calls ${called}`;
  try {
    const table = connection.getTableNames(text, true).find((name) => !PUBLISHED.test(name));
    if (table !== undefined) return `reads ${table}`;
    const plan = String(await read(connection, `EXPLAIN (FORMAT json) ${text}`, undefined, 1));
    const [alone] = namesIn(tree, ALONE);
    return alone === undefined ? judgePlan(plan, LISTS.test(tree)) : `calls ${alone}`;
  } catch {
    // DuckDB cannot bind it: nothing is run then.
    return undefined;
  }
}

/** Those of the names a pattern finds that statements may not call. */
function namesIn(tree: string, pattern: RegExp): string[] {
  return [...tree.matchAll(pattern)]
    .map(([, name = ""]) => name.toLowerCase())
    .filter((name) => LEFT_OUT.has(name));
}

/** Sources and functions of a plan, without the texts in it. */
function judgePlan(plan: string, lists: boolean): string | undefined {
  const bare = plan.replace(/'(?:[^']|'')*'/g, "''");
  const named = [...bare.matchAll(/"name": "(\w+)\s*"|\b(\w+)(?:\\")?\(/g)].map(
    ([, source = "", call = ""]) => (source || call).toLowerCase(),
  );
  const found = named.find(
    (name) =>
      ![...PLANNED, ...BOTH].includes(name) && LEFT_OUT.has(name) && !(lists && LISTING.has(name)),
  );
  return found === undefined ? undefined : `uses ${found}`;
}

/**
 * Whether what is run answers as what was sent does, and without what nobody may see. What is written anew may be planned in
 * another way, and columns without a name of their own may be called otherwise.
 */
async function judgeAnswers(
  connection: DuckDBConnection,
  sql: string,
  { text, explain }: Pick<Question, "text" | "explain">,
) {
  const given = await answer(connection, sql);
  const own = await answer(connection, explain ? `${explain} ${text}` : text);
  for (const { rows } of [given, own]) {
    if (rows?.includes(CANARY)) return "answers with what nobody may see";
  }
  const same = explain
    ? (given.rows === undefined) === (own.rows === undefined)
    : given.rows === own.rows;
  // A number as 1e3 is written as a cast: where it stands for a column, as in ORDER BY, DuckDB takes the one and not the other.
  if (same || /non-integer literal/i.test(given.failure ?? "")) return undefined;
  // A sample without a seed is another one each time: what does not answer alike twice cannot be compared.
  for (let again = 0; again < 5; again++) {
    if ((await answer(connection, sql)).rows !== given.rows) return undefined;
  }
  return `answers ${own.rows ?? own.failure} instead of ${given.rows ?? given.failure}`;
}

async function answer(
  connection: DuckDBConnection,
  sql: string,
): Promise<{ rows?: string; failure?: string }> {
  const clock = setTimeout(() => connection.interrupt(), LOST_MS);
  try {
    const reader = await connection.runAndReadAll(sql);
    const isSummary = reader.columnName(0) === "column_name";
    const rows = reader.getRowsJson().map((row) => row.slice(isSummary ? 1 : 0));
    return { rows: JSON.stringify([reader.columnTypes().map(String), rows]) };
  } catch (error) {
    return { failure: String(error) };
  } finally {
    clearTimeout(clock);
  }
}

async function read(
  connection: DuckDBConnection,
  sql: string,
  values?: Record<string, string>,
  column = 0,
): Promise<unknown> {
  return (await connection.runAndReadAll(sql, values)).getRows()[0]?.[column];
}
