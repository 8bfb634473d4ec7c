import type { Catalogue } from "../store/locked-store.ts";
import { ALLOWED } from "./allowed.ts";
import type { Fault } from "./fault.ts";
import { placeOfNode, type Tree } from "./tree.ts";

/** What expressions, table expressions and queries there may be; one that a new version of DuckDB adds is refused. */
const EXPRESSIONS = new Set(
  "BETWEEN CASE CAST COLLATE COLUMN_REF COMPARISON CONJUNCTION CONSTANT FUNCTION LAMBDA OPERATOR POSITIONAL_REFERENCE STAR SUBQUERY WINDOW".split(
    " ",
  ),
);
const TABLE_EXPRESSIONS = new Set(
  "BASE_TABLE EMPTY EXPRESSION_LIST JOIN PIVOT SHOW_REF SUBQUERY TABLE_FUNCTION".split(" "),
);
const QUERIES = new Set("SELECT_NODE SET_OPERATION_NODE RECURSIVE_CTE_NODE".split(" "));
/** Keys whose object is a table expression. */
const TABLE_KEYS = new Set(["from_table", "left", "right", "source"]);

const INFORMATION_SCHEMA = new Set(["tables", "columns"]);
const SCHEMAS = new Set(["", "main"]);
const CATALOGUES = new Set(["", "system"]);
const LISTINGS = new Set(['"tables"', "__show_tables_expanded"]);

/** Names that DuckDB takes for functions where no column is called so; all of them look at the session or the clock. */
const HIDDEN_CALLS = new Set(
  "current_catalog current_database current_date current_localtime current_localtimestamp current_role current_schema current_time current_timestamp current_user localtime localtimestamp session_user user".split(
    " ",
  ),
);

type Said = readonly [zh: string, en: string];
type Scope = ReadonlySet<string>;

export function refuse(zh: string, en: string): Fault {
  return { kind: "refused", zh: `不能执行：${zh}。`, en: `This is not run: ${en}.` };
}

/**
 * Whether a parsed query is over the published tables and nothing else. What is allowed is listed: the tables of the files,
 * what WITH defines where it can be seen, and functions and types by name (src/query/allowed.txt).
 * @param tree of what is run
 * @returns the first fault, with the byte of the text it is at
 */
export function examine(
  tree: Tree,
  catalogue: Catalogue,
): (Fault & { readonly byte?: number | undefined }) | undefined {
  const waiting: { value: unknown; key: string; scope: Scope }[] = [
    { value: tree.statements, key: "statements", scope: new Set() },
  ];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, key, scope } = next;
    if (typeof value !== "object" || value === null) continue;
    if (Array.isArray(value)) {
      for (const one of value.toReversed()) waiting.push({ value: one, key, scope });
      continue;
    }
    const node = value as Tree;
    const said = faultOf(node, key, catalogue, scope);
    if (said) return { ...refuse(...said), byte: placeOfNode(node) };
    for (const [name, part, within] of partsOf(node, scope)) {
      waiting.push({ value: part, key: name, scope: within });
    }
  }
  return undefined;
}

/** The parts of a node with the names that WITH defines for each; the function of a table function is examined with it. */
function* partsOf(node: Tree, outer: Scope): Generator<[string, unknown, Scope]> {
  const scope = new Set(outer);
  for (const { key, value } of definedBy(node)) {
    // A name is known to those defined after it, and to the query.
    yield ["cte", value, new Set(scope)];
    scope.add(key.toLowerCase());
  }
  for (const [key, part] of Object.entries(node)) {
    if (key === "cte_map") continue;
    if (node.type === "TABLE_FUNCTION" && key === "function") {
      for (const inner of Object.entries(part as Tree)) yield [...inner, scope];
    } else if (node.type === "RECURSIVE_CTE_NODE" && key === "right") {
      yield [key, part, new Set([...scope, nameIn(node, "cte_name")])];
    } else yield [key, part, scope];
  }
}

function definedBy(node: Tree): readonly { readonly key: string; readonly value: unknown }[] {
  const map = node.cte_map as { map?: { key: string; value: unknown }[] } | undefined;
  return map?.map ?? [];
}

const nameIn = (node: Tree, key: string) => String(node[key] ?? "").toLowerCase();

function faultOf(node: Tree, key: string, catalogue: Catalogue, scope: Scope): Said | undefined {
  return (
    faultOfKind(node, key) ??
    faultOfNames(node, catalogue) ??
    faultOfCall(node) ??
    faultOfType(node) ??
    faultOfTable(node, catalogue, scope)
  );
}

const UNKNOWN: Said = [
  "语句中有此处不提供的写法",
  "something in the statement is of a kind that is not available here",
];

function faultOfKind(node: Tree, key: string): Said | undefined {
  if (node.class === "PARAMETER") return ["语句不能带参数", "a statement cannot have parameters"];
  if (node.class !== undefined && !EXPRESSIONS.has(String(node.class))) return UNKNOWN;
  const isTable = node.class === undefined && "sample" in node && "alias" in node;
  const isQuery = node.cte_map !== undefined;
  if (isTable && !TABLE_EXPRESSIONS.has(String(node.type))) return UNKNOWN;
  if (isQuery && !QUERIES.has(String(node.type))) return UNKNOWN;
  if (TABLE_KEYS.has(key) && node.class === undefined && !isTable && !isQuery) return UNKNOWN;
  if (node.at_clause) return UNKNOWN;
  if (node.pivot_enum) return UNKNOWN;
  return undefined;
}

function faultOfNames(node: Tree, { internal }: Catalogue): Said | undefined {
  for (const { key } of definedBy(node)) {
    const name = key.toLowerCase();
    if (internal.has(name) || /[./\\:*?[\]]/.test(name)) {
      return [
        `WITH 中的名称 ${name} 已被系统占用，请换一个`,
        `${name} in WITH is a name of the system's own; take another`,
      ];
    }
  }
  const names = node.class === "COLUMN_REF" ? (node.column_names as string[]) : [];
  const [name = ""] = names.map((one) => one.toLowerCase());
  return names.length === 1 && HIDDEN_CALLS.has(name) ? unavailable(name) : undefined;
}

const unavailable = (name: string): Said => [
  `函数 ${name} 不可用`,
  `the function ${name} is not available`,
];

function faultOfCall(node: Tree): Said | undefined {
  if (node.type === "TABLE_FUNCTION") {
    const call = (node.function ?? {}) as Tree;
    const name = nameIn(call, "function_name");
    return isOwn(call) && ALLOWED["table functions"].has(name)
      ? undefined
      : [`表函数 ${name || "?"} 不可用`, `the table function ${name || "?"} is not available`];
  }
  if (node.function_name === undefined) return undefined;
  const name = nameIn(node, "function_name");
  // With one argument it counts from today.
  const isClock = name === "age" && (node.children as unknown[] | undefined)?.length === 1;
  if (!isOwn(node) || !ALLOWED.functions.has(name) || isClock) return unavailable(name);
  return node.export_state === true
    ? ["EXPORT_STATE 不可用", "EXPORT_STATE is not available"]
    : undefined;
}

/** Whether a function is one of DuckDB's own schema, or named without any. */
const isOwn = (call: Tree) =>
  SCHEMAS.has(nameIn(call, "schema")) && CATALOGUES.has(nameIn(call, "catalog"));

function faultOfType(node: Tree): Said | undefined {
  if (node.type === "UNBOUND_TYPE_INFO") {
    const name = nameIn(node, "name");
    const path = [nameIn(node, "catalog"), nameIn(node, "schema")];
    if (path.join("") === "" && ALLOWED.types.has(name)) return undefined;
    return [`没有名为 ${name} 的类型`, `there is no type called ${name}`];
  }
  const collation = node.class === "COLLATE" ? nameIn(node, "collation") : "";
  return /^[a-z_.]*$/.test(collation) ? undefined : UNKNOWN;
}

function faultOfTable(node: Tree, { tables }: Catalogue, scope: Scope): Said | undefined {
  if (node.type === "SHOW_REF" && !node.query) {
    return LISTINGS.has(nameIn(node, "table_name")) && nameIn(node, "schema_name") === ""
      ? undefined
      : ["只能 SHOW TABLES", "only SHOW TABLES is available"];
  }
  if (node.type !== "BASE_TABLE") return undefined;
  const [catalog, schema, table] = ["catalog_name", "schema_name", "table_name"].map((key) =>
    nameIn(node, key),
  ) as [string, string, string];
  if (schema === "information_schema" && catalog === "" && INFORMATION_SCHEMA.has(table)) {
    return undefined;
  }
  if (catalog === "" && schema === "" && scope.has(table)) return undefined;
  const own =
    ["", "records", "published"].includes(catalog) &&
    ["", "main", "records", "published"].includes(schema);
  if (own && tables.has(table)) return undefined;
  const name = [catalog, schema, table].filter(Boolean).join(".");
  return [
    `没有名为 ${name} 的表（SHOW TABLES 列出全部）`,
    `there is no table called ${name} (SHOW TABLES lists them)`,
  ];
}
