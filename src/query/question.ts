import type { Catalogue, LockedStore } from "../store/locked-store.ts";
import { examine, refuse } from "./examine.ts";
import { type Fault, placeOf } from "./fault.ts";
import { areSame, makeWritable, placeOfNode, readTree, type Tree, writeTree } from "./tree.ts";

/** A statement as it is run: what DuckDB wrote of the tree that was examined, never a visitor's own letters. */
export interface Question {
  readonly text: string;
  /** What stands before the query where it is to be explained. */
  readonly explain: string | undefined;
  /** Where in the visitor's statement a byte of `text` comes from. */
  placeInStatement(byte: number): number | undefined;
}

type Parser = Pick<LockedStore, "parse" | "write">;

/** What makes of a statement a question, or says why it is none. */
export type ReadQuestion = typeof readQuestion;

const NOTHING: Fault = refuse("没有语句", "there is no statement");
const SEVERAL: Fault = refuse("一次只能执行一条语句", "only one statement can be run at a time");
const NO_QUERY: Fault = refuse(
  "这里只能查询（SELECT、FROM、WITH、SUMMARIZE、DESCRIBE、SHOW TABLES、EXPLAIN）",
  "only queries can be run here (SELECT, FROM, WITH, SUMMARIZE, DESCRIBE, SHOW TABLES, EXPLAIN)",
);
const NUL: Fault = refuse("语句中有空字符（NUL）", "there is a NUL character in the statement");
const UNFAITHFUL: Fault = refuse(
  "语句中有无法原样重写的写法，请换一种写法",
  "something in the statement cannot be written back as it stands; say it in another way",
);

/**
 * Reads a visitor's statement as DuckDB does, and makes of it what is run: DuckDB counts the statements, gives the tree, and
 * writes the text of the tree; that text is read again, and both readings must be the same one.
 * @throws what DuckDB says of a text that is no statement
 */
export async function readQuestion(
  parser: Parser,
  sql: string,
  catalogue: Catalogue,
): Promise<Question | Fault> {
  if (sql.includes("\0")) return { ...NUL, ...placeOf(sql, bytesBefore(sql, sql.indexOf("\0"))) };
  const whole = await parser.parse(sql);
  if (whole.count === 0) return NOTHING;
  if (whole.count > 1) return SEVERAL;
  const found = whole.tree === undefined ? await insideExplain(parser, sql) : { tree: whole.tree };
  if (!found) return NO_QUERY;
  const tree = readTree(found.tree);
  if (!tree || (tree.statements as unknown[] | undefined)?.length !== 1) return UNFAITHFUL;
  makeWritable(tree);
  const written = await writeBack(parser, tree);
  if (!written) return UNFAITHFUL;
  const { explain } = found as Explained;
  const placeInStatement = (byte: number) => written.places.get(byte);
  const fault = examine(written.tree, catalogue);
  if (!fault) return { text: written.text, explain, placeInStatement };
  const place = fault.byte === undefined ? undefined : placeInStatement(fault.byte);
  const { byte: _, ...said } = fault;
  return { ...said, ...placeOf(sql, place) };
}

interface Written {
  readonly text: string;
  readonly tree: Tree;
  /** Places of the tree that was written, by those of the text. */
  readonly places: ReadonlyMap<number, number>;
}

async function writeBack(parser: Parser, tree: Tree): Promise<Written | undefined> {
  try {
    const text = await parser.write(writeTree(tree));
    const { count, tree: json } = await parser.parse(text);
    const again = json === undefined ? undefined : readTree(json);
    if (count !== 1 || !again || text.includes("\0")) return undefined;
    const places = new Map<number, number>();
    const same = areSame(tree, again, (one, other) => {
      const [from, to] = [placeOfNode(one), placeOfNode(other)];
      if (from !== undefined && to !== undefined) places.set(to, from);
    });
    return same ? { text, tree: again, places } : undefined;
  } catch (error) {
    // One too deep for JSON, or that DuckDB writes in words it does not read.
    if (/INTERRUPT|FATAL|INTERNAL|Out of Memory/i.test(String(error))) throw error;
    return undefined;
  }
}

interface Explained {
  readonly tree: string;
  readonly explain: string;
}

const FORMAT = /^\(\s*format\s+(text|json|yaml|html|graphviz|mermaid)\s*\)/i;

/**
 * The query inside an EXPLAIN: DuckDB reads the whole statement with blanks in place of the words that ask for a plan, since a
 * quote in a comment before them changes how it takes what follows. Where those words stand is asked of DuckDB too: nothing
 * but blanks and comments is before a word if DuckDB reads a query in its place as that query alone.
 */
async function insideExplain(parser: Parser, sql: string): Promise<Explained | undefined> {
  let at = await findBehindBlanks(parser, sql, 0, "explain");
  if (at === undefined) return undefined;
  let explain = "EXPLAIN";
  let rest = blankOut(sql, at, explain.length);
  at += explain.length;
  const analyze = await findBehindBlanks(parser, rest, at, "analyze");
  const open = await findBehindBlanks(parser, rest, at, "(");
  const [options, format] = (open !== undefined && FORMAT.exec(rest.slice(open))) || [];
  if (analyze !== undefined) {
    explain = "EXPLAIN ANALYZE";
    rest = blankOut(rest, analyze, "analyze".length);
  } else if (open !== undefined && options && format) {
    explain = `EXPLAIN (FORMAT ${format})`;
    rest = blankOut(rest, open, options.length);
  }
  try {
    const { count, tree } = await parser.parse(rest);
    return count === 1 && tree ? { tree, explain } : undefined;
  } catch {
    return undefined;
  }
}

const blankOut = (sql: string, at: number, length: number) =>
  sql.slice(0, at) + " ".repeat(length) + sql.slice(at + length);

const PROBE = "SELECT 1";
/** Places of a word that are tried: a statement cannot make DuckDB read it any number of times. */
const MOST_PROBES = 10;

/** Where a word stands, from some place on, if DuckDB finds nothing before it. */
async function findBehindBlanks(
  parser: Parser,
  sql: string,
  from: number,
  word: string,
): Promise<number | undefined> {
  const probe = (await parser.parse(PROBE)).tree ?? "";
  const plain = (tree: string) => tree.replace(/"query_location":\d+/g, "");
  const lower = sql.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  let at = lower.indexOf(word, from);
  for (let tries = 0; at >= 0 && tries < MOST_PROBES; tries++) {
    try {
      const { count, tree } = await parser.parse(`${sql.slice(0, at)} ${PROBE}`);
      if (count === 1 && tree && plain(tree) === plain(probe)) return at;
    } catch {
      // More than blanks stands before it.
    }
    at = lower.indexOf(word, at + 1);
  }
  return undefined;
}

const bytesBefore = (sql: string, at: number) => Buffer.byteLength(sql.slice(0, at));
