import { cleanName, columnKey } from "../standard/column-name.ts";
import type { ColumnMapping } from "../standard/source-definition.ts";
import { quoteIdentifier } from "../store/sql-file.ts";
import type { Bindings } from "./bindings.ts";
import { exactNumber } from "./exact-number.ts";
import {
  chooses,
  cleanPath,
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
  /** Position (from 1) of a `file` pattern's value in the delivery's file_values. */
  fileValue(core: string): number;
}

/** SQL that reads what a mapping says, from the raw row. */
export function readOrigin(core: string, mapping: ColumnMapping, place: ReadingPlace): Origin {
  const origin = readCases(mapping, readAlways(core, mapping, place), place);
  const conditions: string[] = [];
  const absent = origin.absent || neverHolds(mapping, place);
  if (mapping.when) {
    conditions.push(holds(mapping.when, place));
  }
  if (mapping.once) {
    const [reached, whole] = [mapping.once.sum, mapping.once.reaches].map((name, index) => {
      const { text } = readNamed([name], undefined, place, index === 0 ? "sum" : "first");
      return exactNumber(text);
    });
    conditions.push(`${reached} >= ${whole}`);
  }
  if (conditions.length === 0) return origin;
  const condition = conditions.map((each) => `(${each})`).join(" AND ");
  const text = `CASE WHEN ${condition} THEN ${origin.text} END`;
  return { ...origin, text, absent, native: undefined };
}

/** What the first case that holds says, else what the column itself does. */
function readCases({ cases = [] }: ColumnMapping, origin: Origin, place: ReadingPlace): Origin {
  const possible = cases.filter(({ when }) => !neverHolds({ when }, place));
  if (possible.length === 0) return origin;
  const branches = possible.map(
    ({ when, is }) => `WHEN ${holds(when, place)} THEN ${place.bindings.bind(is)}`,
  );
  const text = `CASE ${branches.join(" ")} ELSE ${origin.text} END`;
  return { label: origin.label, text, absent: false };
}

/** SQL of whether one of several ways holds, each with all its conditions. */
function holds(when: NonNullable<ColumnMapping["when"]>, place: ReadingPlace): string {
  const ways = [when].flat().map((way) => conditionsOf(way, place, "IN"));
  return ways.map((way) => `(${way.join(" AND ")})`).join(" OR ");
}

/** Whether a column's condition hangs on columns that these files do not have. */
function neverHolds(
  { when, once }: Pick<ColumnMapping, "when" | "once">,
  place: ReadingPlace,
): boolean {
  const lacks = (name: string) => findColumn([name], undefined, place) === undefined;
  const ways = [when ?? []].flat();
  const closed = ways.every((way) =>
    Object.entries(way).some(([name, values]) => !values.includes("") && lacks(name)),
  );
  return (
    (ways.length > 0 && closed) || (once !== undefined && [once.sum, once.reaches].some(lacks))
  );
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

function readAlways(core: string, mapping: ColumnMapping, place: ReadingPlace): Origin {
  if (mapping.value !== undefined) {
    const text = `CAST(${place.bindings.bind(String(mapping.value))} AS VARCHAR)`;
    return { text, label: core, absent: false };
  }
  if (mapping.file !== undefined) {
    return { text: `d.file_values[${place.fileValue(core)}]`, label: core, absent: false };
  }
  if (mapping.template !== undefined) return readTemplate(mapping.template, place);
  if (mapping.first_of !== undefined) return readFirst(mapping.first_of, mapping, place);
  return readNamed(listNames(mapping.from), mapping.matching, place, mapping.pick);
}

/** The first of several columns that is not empty in the row. */
function readFirst(names: readonly string[], mapping: ColumnMapping, place: ReadingPlace): Origin {
  const origins = names.map((name) => readNamed([name], undefined, place, mapping.pick));
  const present = origins.filter(({ absent }) => !absent);
  const label = (present[0] ?? (origins[0] as Origin)).label;
  if (present.length === 0) return { text: "CAST(NULL AS VARCHAR)", label, absent: true };
  const texts = present.map(({ text }) => emptyToNull(text, mapping.empty ?? [], place.bindings));
  return { text: `coalesce(${texts.join(", ")})`, label, absent: false };
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
function readEach(name: string, place: Omit<ReadingPlace, "fileValue">): string | undefined {
  const { paths, bindings } = place;
  if (!paths || !chooses(name) || !findColumn([name], undefined, place)) return undefined;
  const bind = (value: string) => bindings.bind(value);
  return textsAt(parseChoices(cleanPath(name)), (path) => foundAt(path, paths), bind);
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

/** A text with source columns in it; || gives NULL when one of them is empty. */
function readTemplate(template: string, place: ReadingPlace): Origin {
  const parts = template.split(/\$\{([^}]+)\}/);
  let absent = false;
  const pieces = parts.map((part, index) => {
    if (index % 2 === 0) return part === "" ? undefined : place.bindings.bind(part);
    const origin = readNamed([part], undefined, place);
    absent ||= origin.absent;
    return `nullif(${origin.text}, '')`;
  });
  const label = parts.filter((_, index) => index % 2 === 1).join("+");
  return { text: pieces.filter((piece) => piece !== undefined).join(" || "), label, absent };
}
