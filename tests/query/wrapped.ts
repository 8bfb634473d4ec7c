import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance, StatementType } from "@duckdb/node-api";
import fc from "fast-check";
import type { Question } from "../../src/query/question.ts";
import { HOSTILE } from "./hostile.ts";

/** Nothing to DuckDB, however it looks. */
const SOUND = [
  ...["", " ", "\n", "\t", "\r\n", "\u00a0", "\u2003", "\u3000", "/**/", "/* /* */ */", "/* -- */"],
  ...[
    "-- */\n",
    "--\n",
    "/* ' */",
    "/* $$ */",
    "-- EXPLAIN\n",
    "/* explain */",
    "/* ; */",
    "-- ;\n",
  ],
];
/** What opens, closes or splits something. */
const UNSOUND = [
  ...[
    "\0",
    "\f",
    "\v",
    "\u200b",
    "\ufeff",
    "/* /* */",
    "*/",
    ";",
    "'",
    '"',
    "$$",
    "$a$",
    "--",
    "/*",
  ],
];
const HEADS = [
  "",
  "",
  "",
  "EXPLAIN",
  "EXPLAIN ANALYZE",
  "EXPLAIN (FORMAT json)",
  "explain",
  "SUMMARIZE",
];
const blank = fc
  .array(
    fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom(...SOUND) },
      { weight: 1, arbitrary: fc.constantFrom(...UNSOUND) },
    ),
    { maxLength: 3 },
  )
  .map((all) => all.join(""));

const bodiesOf = (...kinds: readonly string[]) =>
  HOSTILE.filter(([kind]) => kinds.includes(kind)).map(([, sql]) => sql);
const harmless = fc.constantFrom(...bodiesOf("harmless"));
const refused = fc.constantFrom(...bodiesOf("refused", "failed"));
const call = fc.constantFrom(
  ...["getvariable('x')", "current_setting('threads')", "score", "count(*)", "abs(-1)", "user"],
  ...["(SELECT path FROM duckdb_databases())", "current_user", "main.version()", "'a'", "$$x$$"],
  ...["[1, 2]", "x -> x", "1e3", "now()", "\"getvariable\"('x')", "U&'\\0041'", "E'\\''", "?"],
);
const table = fc.constantFrom(
  ...["rank", "complaint", '"rank"', "duckdb_settings()", "duckdb_logs", "'x.csv'", "a", "b"],
  ...[
    "(FROM a)",
    "query('SELECT 1')",
    "range(3)",
    "(VALUES (1))",
    "LATERAL (SELECT 1)",
    "glob('*')",
  ],
  ...["information_schema.tables", "system.main.duckdb_views", "read_text('/etc/passwd')"],
);
const grown: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom("", "WITH a AS (SELECT 1) ", "WITH a AS (FROM b), b AS (SELECT 1) "),
    fc.array(call, { minLength: 1, maxLength: 3 }),
    fc.array(table, { maxLength: 3 }),
    fc.constantFrom("", " WHERE 1 = 1", " GROUP BY ALL", " UNION ALL SELECT 1", " LIMIT 1"),
  )
  .map(
    ([head, calls, tables, tail]) =>
      `${head}SELECT ${calls.join(", ")}${tables.length > 0 ? ` FROM ${tables.join(", ")}` : ""}${tail}`,
  );

/** Statements, allowed or not, behind, between and within comments, quotes, odd blanks and NULs. */
export const wrapped: fc.Arbitrary<string> = fc
  .tuple(
    ...[blank, fc.constantFrom(...HEADS), blank, fc.oneof(harmless, harmless, refused, grown)],
    ...[fc.nat(), blank, blank, fc.oneof({ weight: 9, arbitrary: fc.constant("") }, grown)],
  )
  .map(([before, head, between, body, place, within, after, second]) => {
    const gaps = [...String(body).matchAll(/\s/g)].map(({ index }) => index);
    const at = gaps.length > 0 ? (gaps[Number(place) % gaps.length] as number) : 0;
    const split = Number(place) % 3 === 0;
    const text = split ? `${String(body).slice(0, at)}${within} ${String(body).slice(at)}` : body;
    return `${before}${head}${head ? " " : ""}${between}${text}${after}${second}`;
  });

const LEFT_OUT = new Set(
  readFileSync(join(import.meta.dirname, "left-out.txt"), "utf8")
    .trim()
    .split("\n")
    .map((name) => name.replace(" (table)", "")),
);
const NAMES = /"(function_name|table_name|key)":"((?:[^"\\]|\\.)*)"/g;
/** Those of table functions that have a harmless namesake among the functions. */
const BOTH = new Set(["histogram"]);
const TABLES = [
  "rank",
  "complaint",
  "tables",
  "columns",
  "",
  '\\"tables\\"',
  "__show_tables_expanded",
];

export interface Oracle {
  /** What DuckDB finds in a text that was allowed and should not have been; undefined where nothing is. */
  judge(sql: string, question: Question): Promise<string | undefined>;
  close(): void;
}

/** DuckDB's own reading of what was allowed, in a database of its own: what statements there are, and what they name. */
export async function openOracle(): Promise<Oracle> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  for (const statement of [
    "CREATE TABLE complaint AS SELECT 'x' AS record_key, 'b' AS entity_id, 1.5 AS days",
    "CREATE TABLE rank AS SELECT 'b' AS entity_id, 90.5 AS score",
  ])
    await connection.run(statement);
  return {
    judge: async (sql, { text }) =>
      (await judgeStatements(connection, sql, text)) ?? (await judgeNames(connection, text)),
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
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

async function judgeNames(connection: DuckDBConnection, text: string) {
  const reader = await connection.runAndReadAll(
    "SELECT json_serialize_sql(CAST($text AS VARCHAR))::VARCHAR",
    { text },
  );
  const named = [...String(reader.getRows()[0]?.[0]).matchAll(NAMES)].map(
    ([, kind, name = ""]) => [kind, name.toLowerCase()] as const,
  );
  const of = (wanted: string) => named.filter(([kind]) => kind === wanted).map(([, name]) => name);
  const tables = new Set([...TABLES, ...of("key")]);
  return (
    of("function_name").find((name) => LEFT_OUT.has(name) && !BOTH.has(name)) ??
    of("table_name").find((name) => !tables.has(name))
  );
}
