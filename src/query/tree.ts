/** A syntax tree of DuckDB's, each number as its digits behind `NUMBER`, so that none is rounded. */
export type Tree = Record<string, unknown>;

/** Stands in no text of a tree: `readTree` refuses one with it. */
const NUMBER = "\0";
const NOWHERE = "18446744073709551615";

/**
 * Reads DuckDB's JSON of a syntax tree.
 * @returns undefined for one that cannot be read to the last digit: with a number beyond all bounds, or with a NUL in a text
 */
export function readTree(json: string): Tree | undefined {
  if (json.includes("\\u0000")) return undefined;
  const tagged = json.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
    token.startsWith('"') ? token : `"\\u0000${token}"`,
  );
  try {
    return JSON.parse(tagged);
  } catch {
    return undefined;
  }
}

/** The JSON of a tree, as it was read. */
export function writeTree(tree: Tree): string {
  return JSON.stringify(tree).replace(/"\\u0000([^"]*)"/g, "$1");
}

/** The digits of a number in a tree. */
const digitsOf = (value: unknown) => String(value).replace(NUMBER, "");

/** Bytes of a text before a node; undefined for one that DuckDB made up. */
export function placeOfNode(node: Tree): number | undefined {
  const digits = digitsOf(node.query_location);
  return /^\d+$/.test(digits) && digits !== NOWHERE ? Number(digits) : undefined;
}

/** Every object of a tree; without recursion, which a deep one would exhaust. */
export function* walk(tree: unknown): Generator<Tree> {
  const waiting: unknown[] = [tree];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== "object" || next === null) continue;
    if (!Array.isArray(next)) yield next as Tree;
    for (const value of Object.values(next)) waiting.push(value);
  }
}

/**
 * Puts what DuckDB does not write back as it read it into a form that it does, in place: it writes a DOUBLE as a DECIMAL, and
 * VALUES as a query of its own.
 */
export function makeWritable(tree: Tree): void {
  for (const node of walk(tree)) {
    const { class: kind, value } = node;
    if (kind !== "CONSTANT" || typeof value !== "object" || value === null) continue;
    const { type, value: digits } = value as { type?: { id?: string }; value?: unknown };
    if (type?.id !== "DOUBLE" || typeof digits !== "string") continue;
    const { query_location, alias } = node;
    const text = {
      type: { id: "VARCHAR", type_info: null },
      is_null: false,
      value: digitsOf(digits),
    };
    const child = {
      class: "CONSTANT",
      type: "VALUE_CONSTANT",
      alias: "",
      query_location,
      value: text,
    };
    for (const key of Object.keys(node)) delete node[key];
    Object.assign(node, { class: "CAST", type: "OPERATOR_CAST", alias, query_location, child });
    Object.assign(node, { cast_type: { id: "DOUBLE", type_info: null }, try_cast: false });
  }
}

/** The table expression itself where DuckDB put a query around VALUES when it wrote them; nothing else looks like it. */
function unwrap(value: unknown): unknown {
  const { type, alias, subquery, column_name_alias } = value as Tree;
  if (type !== "SUBQUERY" || alias !== "valueslist") return value;
  if ((column_name_alias as unknown[]).length > 0) return value;
  const inner = (subquery as Tree).node as Tree;
  const from = inner.from_table as Tree | undefined;
  return from?.type === "EXPRESSION_LIST" && from.alias === alias ? from : value;
}

/**
 * Whether two trees are of the same statement, whatever their places.
 * @param pair is told the nodes that are each other's
 */
export function areSame(a: Tree, b: Tree, pair: (a: Tree, b: Tree) => void): boolean {
  const waiting: [unknown, unknown][] = [[a, b]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [one, raw] = next;
    if (typeof one !== "object" || one === null) {
      if (one !== raw) return false;
      continue;
    }
    if (typeof raw !== "object" || raw === null) return false;
    const other = (one as Tree).type === "EXPRESSION_LIST" ? (unwrap(raw) as Tree) : (raw as Tree);
    const keys = Object.keys(one);
    if (keys.length !== Object.keys(other).length) return false;
    if (Array.isArray(one) !== Array.isArray(other)) return false;
    if (!Array.isArray(one)) pair(one as Tree, other);
    for (const key of keys) {
      if (key === "query_location") continue;
      if (!Object.hasOwn(other, key)) return false;
      waiting.push([(one as Tree)[key], other[key]]);
    }
  }
  return true;
}
