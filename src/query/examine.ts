import type { Catalogue } from "../store/locked-store.ts";
import { type Fault, placeOf } from "./fault.ts";

/** Table functions that make rows out of nothing but their arguments. */
const TABLE_FUNCTIONS = new Set([
  "range",
  "generate_series",
  "unnest",
  "json_each",
  "json_tree",
  "repeat",
  "repeat_row",
]);

/** Functions that look at the session or the program, or run a text as a statement. */
const REFUSED =
  /^(?:getenv|getvariable|current_setting|set_config|txid_current|current_database|in_search_path|nextval|currval|json_serialize_sql|json_serialize_plan|json_deserialize_sql|json_execute_serialized_sql|query|query_table|write_log|sleep_ms|finalize|combine)$|^(?:pragma_|duckdb_|pg_|__|read_|parquet_|sniff_|arrow_|enable_|disable_|force_|truncate_)/;

const INFORMATION_SCHEMA = new Set(["tables", "columns"]);

const EXPLAIN = /^\s*explain(\s+analyze)?(\s*\([\w\s,]*\))?\s/i;
const BLANK = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)/;

/** The query inside an EXPLAIN; the statement itself when it is none. Bytes before it are counted in `offset`. */
export function insideExplain(sql: string): { readonly query: string; readonly offset: number } {
  let start = 0;
  for (let blank = BLANK.exec(sql); blank; blank = BLANK.exec(sql.slice(start))) {
    start += blank[0].length;
  }
  const explain = EXPLAIN.exec(sql.slice(start));
  if (!explain) return { query: sql, offset: 0 };
  const from = start + explain[0].length;
  return { query: sql.slice(from), offset: Buffer.byteLength(sql.slice(0, from)) };
}

/** Whether there is nothing in a statement but blanks, comments and semicolons. */
export function isEmpty(sql: string): boolean {
  let rest = sql;
  for (;;) {
    const blank = rest.startsWith(";") ? ";" : BLANK.exec(rest)?.[0];
    if (blank === undefined) return rest === "";
    rest = rest.slice(blank.length);
  }
}

export const NOTHING: Fault = refuse("没有语句", "there is no statement");

/**
 * Whether a parsed statement is one query over the published tables and nothing else. What is allowed is listed: the
 * tables of the files, what WITH defines, table functions that only count, and functions without side effects.
 * @param tree DuckDB's own syntax tree; undefined for a statement that is no query
 * @param offset bytes of the statement before what the tree is of
 * @returns the first fault
 */
export function examine(
  sql: string,
  parsed: { readonly count: number; readonly tree: unknown },
  catalogue: Catalogue,
  offset = 0,
): Fault | undefined {
  if (parsed.count > 1) {
    return refuse("一次只能执行一条语句", "only one statement can be run at a time");
  }
  if (parsed.tree === undefined) {
    return refuse(
      "这里只能查询（SELECT、FROM、WITH、SUMMARIZE、DESCRIBE、SHOW TABLES、EXPLAIN）",
      "only queries can be run here (SELECT, FROM, WITH, SUMMARIZE, DESCRIBE, SHOW TABLES, EXPLAIN)",
    );
  }
  const defined = new Set<string>();
  for (const node of walk(parsed.tree)) for (const name of definedBy(node)) defined.add(name);
  for (const node of walk(parsed.tree)) {
    const reason = faultOf(node, catalogue, defined);
    if (!reason) continue;
    const at = Number(node.query_location);
    const known = Number.isFinite(at) && at < 2 ** 53 ? at + offset : undefined;
    return { ...refuse(...reason), ...placeOf(sql, known) };
  }
  return undefined;
}

function refuse(zh: string, en: string): Fault {
  return { kind: "refused", zh: `不能执行：${zh}。`, en: `This is not run: ${en}.` };
}

type Node = Record<string, unknown>;

/** Every object of a tree; without recursion, which a deep one would exhaust. */
function* walk(tree: unknown): Generator<Node> {
  const waiting: unknown[] = [tree];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== "object" || next === null) continue;
    if (!Array.isArray(next)) yield next as Node;
    for (const value of Object.values(next)) waiting.push(value);
  }
}

function definedBy(node: Node): string[] {
  const map = (node.cte_map as { map?: { key: string }[] } | undefined)?.map ?? [];
  return map.map(({ key }) => key.toLowerCase());
}

function faultOf(
  node: Node,
  catalogue: Catalogue,
  defined: ReadonlySet<string>,
): [string, string] | undefined {
  const lower = (name: string) => String(node[name] ?? "").toLowerCase();
  for (const name of definedBy(node)) {
    if (catalogue.internal.has(name)) {
      return [
        `WITH 中的名称 ${name} 已被系统占用，请换一个`,
        `${name} in WITH is a name of the system's own; take another`,
      ];
    }
  }
  if (node.type === "TABLE_FUNCTION") {
    const name = String((node.function as Node | undefined)?.function_name ?? "").toLowerCase();
    if (!TABLE_FUNCTIONS.has(name)) {
      return [`表函数 ${name || "?"} 不可用`, `the table function ${name || "?"} is not available`];
    }
  }
  if (typeof node.function_name === "string") {
    const name = lower("function_name");
    if (REFUSED.test(name) || catalogue.sideEffects.has(name)) {
      return [`函数 ${name} 不可用`, `the function ${name} is not available`];
    }
    if (node.export_state === true) {
      return ["EXPORT_STATE 不可用", "EXPORT_STATE is not available"];
    }
  }
  if (node.type === "BASE_TABLE") return tableFault(node, catalogue, defined);
  if (node.type === "SHOW_REF" && !node.query && !isListing(lower("table_name"))) {
    return ["只能 SHOW TABLES", "only SHOW TABLES is available"];
  }
  if (node.class === "PARAMETER") {
    return ["语句不能带参数", "a statement cannot have parameters"];
  }
  return undefined;
}

const isListing = (name: string) => ['"tables"', "__show_tables_expanded"].includes(name);

function tableFault(
  node: Node,
  { tables, covered }: Catalogue,
  defined: ReadonlySet<string>,
): [string, string] | undefined {
  const [catalog, schema, table] = ["catalog_name", "schema_name", "table_name"].map((name) =>
    String(node[name] ?? "").toLowerCase(),
  ) as [string, string, string];
  if (schema === "information_schema" && catalog === "" && INFORMATION_SCHEMA.has(table)) {
    return undefined;
  }
  const own =
    ["", "records", "published"].includes(catalog) &&
    ["", "main", "records", "published"].includes(schema);
  if (own && covered.has(table) && (catalog !== "" || schema !== "")) {
    return [`表 ${table} 请只写表名`, `name the table ${table} by itself, without its file`];
  }
  if (own && tables.has(table)) return undefined;
  if (catalog === "" && schema === "" && defined.has(table)) return undefined;
  const name = [catalog, schema, table].filter(Boolean).join(".");
  return [
    `没有名为 ${name} 的表（SHOW TABLES 列出全部）`,
    `there is no table called ${name} (SHOW TABLES lists them)`,
  ];
}
