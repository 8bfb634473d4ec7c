import { cleanName, columnKey } from "../standard/column-name.ts";
import type { ColumnMapping } from "../standard/source-definition.ts";
import { quoteIdentifier } from "../store/sql-file.ts";
import type { Bindings } from "./bindings.ts";
import {
  chooses,
  cleanPath,
  elementsAt,
  foundOnce,
  jsonPaths,
  type Pick as PickOne,
  parseChoices,
  pickText,
  plainPaths,
  textsAt,
} from "./json-path.ts";

/** Where a core column's text comes from, for the files of one group. */
export interface Origin {
  /** SQL over the raw row `r` and the delivery `d`: VARCHAR without blanks around it. */
  readonly text: string;
  /** SQL with the raw column's own type, where it is not text already. */
  readonly native?: { readonly value: string; readonly type: string } | undefined;
  /** The column as the source names it, for people. */
  readonly label: string;
  /** These files do not deliver it: none of the names is there, or a condition it hangs on can never hold. */
  readonly absent: boolean;
}

/** What reading a column needs to know of the files at hand. */
export interface ReadingPlace {
  /** Raw column to DuckDB type, in the order of the file. */
  readonly columns: ReadonlyMap<string, string>;
  /** JSON: every path that is in some record of the source; absent where that is not known, and for tables. */
  readonly keys: ReadonlySet<string> | undefined;
  /** JSON paths read so far, in the order of the list `r.found`: an object is parsed once for all. Absent for tables. */
  readonly paths: string[] | undefined;
  /** Whether texts may have blanks around them: not in Parquet and Arrow, which programs write. */
  readonly blanks: boolean;
  readonly bindings: Bindings;
  /** In which the pipeline counts money. */
  readonly currency: string;
  /** Position (from 1) of a `file` pattern's value in the delivery's file_values. */
  fileValue(core: string): number;
}

/**
 * SQL of one condition per source column: its text, without blanks and '' when empty, is (or is not) among the values. Of a
 * path that chooses elements of a list one of the texts is, or none of them.
 */
export function conditionsOf(
  rules: Readonly<Record<string, readonly string[]>> | undefined,
  place: Omit<ReadingPlace, "fileValue">,
  operator: "IN" | "NOT IN",
): string[] {
  return Object.entries(rules ?? {}).map(([name, values]) => {
    const list = values.map((each) => place.bindings.bind(each)).join(", ");
    const texts = readEach(name, place);
    if (texts === undefined) {
      const { text } = readNamed([name], undefined, place);
      return `coalesce(${text}, '') ${operator} (${list})`;
    }
    const all = `list_transform(${texts}, lambda t: ${trimmed("t")})`;
    const any = `list_has_any(CASE WHEN len(${texts}) > 0 THEN ${all} ELSE [''] END, [${list}])`;
    return operator === "IN" ? any : `NOT ${any}`;
  });
}

/**
 * The raw column, or for JSON the path, that the first of several names found stands for; undefined when these files have
 * none of them.
 */
export function findColumn(
  names: readonly string[],
  matching: string | undefined,
  { columns, paths, keys }: Pick<ReadingPlace, "columns" | "paths" | "keys">,
): { readonly column: string; readonly label: string } | undefined {
  if (paths) {
    const has = (path: string) => !keys || keys.has(path);
    const found = names.find((name) => plainPaths(name).every(has));
    return found === undefined ? undefined : { column: found, label: found };
  }
  const raw = [...columns.keys()];
  const byKey = new Map(raw.toReversed().map((column) => [columnKey(column), column]));
  for (const name of names) {
    const column = byKey.get(columnKey(name));
    if (column !== undefined) return { column, label: name };
  }
  if (matching === undefined) return undefined;
  const pattern = new RegExp(matching);
  const column = raw.find((one) => pattern.test(one) || pattern.test(cleanName(one)));
  return column === undefined ? undefined : { column, label: names[0] ?? matching };
}

/** SQL that reads the first of several names that these files have. */
export function readNamed(
  names: readonly string[],
  matching: string | undefined,
  place: Omit<ReadingPlace, "fileValue">,
  pick: PickOne = "first",
): Origin {
  const found = findColumn(names, matching, place);
  if (!found) {
    return { text: "CAST(NULL AS VARCHAR)", label: names[0] ?? (matching as string), absent: true };
  }
  const { columns, paths, blanks } = place;
  const bare = (text: string) => (blanks ? trimmed(text) : text);
  if (paths) {
    const text = readPaths(names.map(cleanPath), paths, place, pick);
    return {
      text: names.some(chooses) && blanks ? foundOnce(text, "text", bare("text")) : bare(text),
      label: names[0] as string,
      absent: false,
    };
  }
  const { column, label } = found;
  const value = `r.${quoteIdentifier(column)}`;
  const type = columns.get(column) as string;
  if (type === "VARCHAR") return { text: bare(value), label, absent: false };
  return { text: `CAST(${value} AS VARCHAR)`, native: { value, type }, label, absent: false };
}

/** SQL of all texts at a path that chooses elements of lists, VARCHAR[]; undefined for other names, and where these files have none. */
export function readEach(name: string, place: Omit<ReadingPlace, "fileValue">): string | undefined {
  const { paths, bindings } = place;
  if (!paths || !chooses(name) || !findColumn([name], undefined, place)) return undefined;
  const bind = (value: string) => bindings.bind(value);
  return textsAt(parseChoices(cleanPath(name)), (path) => foundAt(path, paths), bind);
}

/** SQL of the elements of lists that a path chooses, JSON[], and the keys from them to the value; undefined as readEach. */
export function readElements(
  name: string,
  place: Omit<ReadingPlace, "fileValue">,
): { readonly elements: string; readonly rest: readonly string[] } | undefined {
  const { paths, bindings } = place;
  if (!paths || !chooses(name) || !findColumn([name], undefined, place)) return undefined;
  const path = parseChoices(cleanPath(name));
  const bind = (value: string) => bindings.bind(value);
  return { elements: elementsAt(path, (one) => foundAt(one, paths), bind), rest: path.rest };
}

/** SQL of the text at the first of several JSON paths that has one. */
function readPaths(
  names: readonly string[],
  paths: string[],
  { bindings }: Pick<ReadingPlace, "bindings">,
  pick: PickOne,
): string {
  const texts = names.map((name) => {
    if (!chooses(name)) return foundAt(name, paths);
    const bind = (value: string) => bindings.bind(value);
    return pickText(
      textsAt(parseChoices(name), (path) => foundAt(path, paths), bind),
      pick,
    );
  });
  return firstOf(texts);
}

/** SQL of the text at a plain path, which is noted among those to be read. */
function foundAt(name: string, paths: string[]): string {
  const texts = jsonPaths(name).map((path) => {
    if (!paths.includes(path)) paths.push(path);
    return `r.found[${paths.indexOf(path) + 1}]`;
  });
  return firstOf(texts);
}

function firstOf(texts: readonly string[]): string {
  return texts.length === 1 ? (texts[0] as string) : `coalesce(${texts.join(", ")})`;
}

export function listNames(from: string | readonly string[] | undefined): readonly string[] {
  if (from === undefined) return [];
  return typeof from === "string" ? [from] : from;
}

/** Every name a mapping may take its value from, for people and for what must be masked. */
export function originNames({
  from,
  first_of,
  matching,
  template,
}: Pick<ColumnMapping, "from" | "first_of" | "matching" | "template">): readonly string[] {
  const names = [...listNames(from), ...(first_of ?? [])];
  return matching || template ? [...names, (matching ?? template) as string] : names;
}

const BLANK = " \\t\\r\\n\u3000\u00a0";

/** SQL of a text without blanks around it. Looking first costs a third of trimming what needs none. */
function trimmed(text: string): string {
  return `(CASE WHEN regexp_matches(${text}, '^[${BLANK}]|[${BLANK}]$') THEN trim(${text}, E'${BLANK}') ELSE ${text} END)`;
}

/** SQL of a text, NULL when it is empty or one of those that mean so. */
export function emptyToNull(text: string, empty: readonly string[], bindings: Bindings): string {
  if (empty.length === 0) return `nullif(${text}, '')`;
  const list = empty.map((value) => bindings.bind(value)).join(", ");
  return `(CASE WHEN ${text} IN ('', ${list}) THEN NULL ELSE ${text} END)`;
}
