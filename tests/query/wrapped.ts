import fc from "fast-check";
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
/** Expressions: what is harmless, what is not, and quotes in which either stands. */
const leaf = fc.constantFrom(
  ...["score", "entity_id", "count(*)", "1", "1e3", "1_000.50", "0x1F", "-1", "NULL", "'a'", "''"],
  ...[
    "$$x$$",
    "$a$ ' $$ $a$",
    "E'\\''",
    "E'\\x41'",
    "x'41'",
    "'it''s /* '",
    '"score"',
    "#1",
    "DATE '2018-01-01'",
  ],
  ...[
    "INTERVAL 1 DAY",
    "rank.score",
    "[1, 2]",
    "{'a': 1}",
    "MAP {'k': 1}",
    "12345678901234567890123",
    "a.b.c",
  ],
  ...[
    "getvariable('x')",
    "current_setting('threads')",
    "user",
    "current_user",
    "current_date",
    "main.version()",
  ],
  ...[
    "now()",
    "\"getvariable\"('x')",
    "U&'\\0041'",
    "?",
    "$1",
    "('x').getvariable()",
    "getvariable",
    "localtime",
  ],
  ...[
    "CURRENT_TIMESTAMP",
    "session_user",
    "system.main.now()",
    '"now"()',
    "pg_catalog.version()",
    "uuid() IS NULL",
  ],
);
const expression: fc.Arbitrary<string> = fc.letrec<{ any: string; whole: string }>((tie) => ({
  any: fc.oneof({ maxDepth: 3, withCrossShrink: true }, leaf, tie("whole")),
  whole: fc
    .tuple(
      fc.constantFrom(
        ...[
          "abs(A)",
          "A + B",
          "A IN (A, B)",
          "CASE WHEN A THEN B END",
          "CAST(A AS VARCHAR)",
          "A::DOUBLE",
          "(A)",
        ],
        ...[
          "list_transform([A], x -> B)",
          "[B FOR x IN [A] IF B]",
          "A BETWEEN A AND B",
          "NOT A",
          "A IS NULL",
        ],
        ...[
          "(SELECT A)",
          "EXISTS (SELECT B FROM rank)",
          "(WITH w AS (SELECT A AS q) SELECT q FROM w)",
          "A || B",
        ],
        ...[
          "sum(A) OVER (ORDER BY B)",
          "count(*) FILTER (WHERE B)",
          "struct_pack(k := A)",
          "row(A, B)",
          "A AT TIME ZONE 'UTC'",
        ],
        ...[
          "COALESCE(A, B)",
          "A LIKE B",
          "A[1]",
          "TRY(A)",
          "any_value(A ORDER BY B)",
          "A COLLATE NOCASE",
          "(A, B) = (B, A)",
        ],
        ...[
          "(FROM duckdb_settings() SELECT A LIMIT 1)",
          "list_reduce([1, 2], lambda x, y: A)",
          "A.abs()",
          "GROUPING(A)",
        ],
      ),
      tie("any"),
      tie("any"),
    )
    .map(([form, a, b]) => form.replace(/\b[AB]\b/g, (name) => (name === "A" ? a : b))),
})).any;
const table = fc.constantFrom(
  ...[
    "rank",
    "complaint",
    '"rank"',
    "duckdb_settings()",
    "duckdb_logs",
    "'x.csv'",
    "a",
    "b",
    "A",
    '"a"',
  ],
  ...[
    "(FROM a)",
    "query('SELECT 1')",
    "range(3)",
    "(VALUES (1))",
    "LATERAL (SELECT 1)",
    "glob('*')",
  ],
  ...[
    "information_schema.tables",
    "system.main.duckdb_views",
    "read_text('/etc/passwd')",
    "rank TABLESAMPLE 1 ROWS",
  ],
  ...[
    "records.complaint",
    "published.main.rank r",
    "main.rank",
    "temp.main.rank",
    "records.main.duckdb_settings",
  ],
  ...[
    "(WITH a AS (FROM rank) FROM a) t",
    "(WITH duckdb_settings AS (SELECT 1) FROM duckdb_settings)",
    "t: rank",
  ],
  ...[
    "duckdb_settings",
    "pg_settings",
    "rank PIVOT (sum(score) FOR entity_id IN ('b'))",
    "(rank JOIN complaint USING (entity_id))",
  ],
  ...[
    "(UNPIVOT rank ON score)",
    "rank AS OF JOIN complaint USING (entity_id)",
    "(SHOW TABLES)",
    "(DESCRIBE rank)",
    "(SUMMARIZE a)",
  ],
  ...[
    "enable_logging('QueryLog')",
    "unnest([1])",
    "generate_series(1, (SELECT 2))",
    "repeat_row(1, num_rows = 2)",
  ],
);
const HEADS_OF_WITH = [
  ...[
    "",
    "",
    "",
    "WITH a AS (SELECT 1) ",
    "WITH a AS (FROM b), b AS (SELECT 1) ",
    "WITH b AS (SELECT 2), a AS (FROM b) ",
  ],
  ...[
    "WITH RECURSIVE a AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM a WHERE x < 3) ",
    "WITH a AS MATERIALIZED (FROM rank) ",
  ],
  ...[
    "WITH duckdb_settings AS (SELECT 1) ",
    'WITH "a" AS (SELECT 1), A AS (FROM "a") ',
    "WITH a(x) AS (VALUES (1)) ",
  ],
  ...["WITH RECURSIVE a(x, y) USING KEY (x) AS (SELECT 1, 2 UNION SELECT x, y FROM a) "],
];
const TAILS = [
  ...[
    "",
    "",
    "",
    " WHERE 1 = 1",
    " GROUP BY ALL",
    " UNION ALL SELECT 1",
    " LIMIT 1",
    " ORDER BY ALL",
    " LIMIT (SELECT 1)",
  ],
  ...[
    " QUALIFY row_number() OVER () = 1",
    " UNION BY NAME FROM a",
    " EXCEPT FROM b",
    " OFFSET 1",
    " LIMIT 50%",
  ],
  ...[
    " USING SAMPLE 1 ROWS (reservoir)",
    " HAVING count(*) > 0",
    " WINDOW w AS (ORDER BY 1)",
    " FOR UPDATE",
    " INTERSECT (FROM a)",
  ],
];
const grown: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(...HEADS_OF_WITH),
    fc.array(expression, { minLength: 1, maxLength: 3 }),
    fc.array(table, { maxLength: 3 }),
    fc.constantFrom(...TAILS),
    fc.nat(9),
  )
  .map(([head, calls, tables, tail, form]) => {
    const from = tables.length > 0 ? `FROM ${tables.join(", ")}` : "";
    if (form === 0 && from) return `${head}${from}${tail}`;
    if (form === 1 && from) return `${head}${from} SELECT ${calls.join(", ")}${tail}`;
    if (form === 2) return `${head}VALUES (${calls.join(", ")})${tail}`;
    if (form === 3 && from) return `${head}SELECT * REPLACE (${calls[0]} AS score) ${from}${tail}`;
    if (form === 4 && from) return `${head}SELECT DISTINCT ON (${calls[0]}) * ${from}${tail}`;
    return `${head}SELECT ${calls.join(", ")} ${from}${tail}`;
  });

/** Statements, allowed or not, behind, between and within comments, quotes, odd blanks and NULs. */
export const wrapped: fc.Arbitrary<string> = fc
  .tuple(
    ...[blank, fc.constantFrom(...HEADS), blank, fc.oneof(harmless, refused, grown, grown)],
    ...[fc.nat(), blank, blank, fc.oneof({ weight: 9, arbitrary: fc.constant("") }, grown)],
  )
  .map(([before, head, between, body, place, within, after, second]) => {
    const gaps = [...String(body).matchAll(/\s/g)].map(({ index }) => index);
    const at = gaps.length > 0 ? (gaps[Number(place) % gaps.length] as number) : 0;
    const split = Number(place) % 3 === 0;
    const text = split ? `${String(body).slice(0, at)}${within} ${String(body).slice(at)}` : body;
    return `${before}${head}${head ? " " : ""}${between}${text}${after}${second}`;
  });
