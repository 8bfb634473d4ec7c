import type { ColumnMapping } from "../standard/source-definition.ts";
import { quoteIdentifier } from "../store/sql-file.ts";
import type { Bindings } from "./bindings.ts";

/** Where a core column's text comes from, for the files of one group. */
export interface Origin {
  /** SQL over the raw row `r` and the delivery `d`: VARCHAR without blanks around it. */
  readonly text: string;
  /** SQL with the raw column's own type, where it is not text already. */
  readonly native?: { readonly value: string; readonly type: string } | undefined;
  /** The column as the source names it, for people. */
  readonly label: string;
  /** None of the names is in these files. */
  readonly absent: boolean;
}

/** What reading a column needs to know of the files at hand. */
export interface ReadingPlace {
  readonly columns: ReadonlyMap<string, string>;
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
  const origin = readAlways(core, mapping, place);
  if (!mapping.when) return origin;
  const condition = conditionsOf(mapping.when, place, "IN").join(" AND ");
  return { ...origin, text: `CASE WHEN ${condition} THEN ${origin.text} END`, native: undefined };
}

/** SQL of one condition per source column: its text, without blanks and '' when empty, is (or is not) among the values. */
export function conditionsOf(
  rules: Readonly<Record<string, readonly string[]>> | undefined,
  place: Omit<ReadingPlace, "fileValue">,
  operator: "IN" | "NOT IN",
): string[] {
  return Object.entries(rules ?? {}).map(([name, values]) => {
    const { text } = readNamed([name], undefined, place);
    const list = values.map((each) => place.bindings.bind(each)).join(", ");
    return `coalesce(${text}, '') ${operator} (${list})`;
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
  return readNamed(listNames(mapping.from), mapping.matching, place);
}

/** SQL that reads the first of several names that these files have. */
export function readNamed(
  names: readonly string[],
  matching: string | undefined,
  { columns, paths, blanks }: Pick<ReadingPlace, "columns" | "paths" | "blanks">,
): Origin {
  const bare = (text: string) => (blanks ? trimmed(text) : text);
  if (paths) {
    const texts = names.flatMap(jsonPaths).map((path) => {
      if (!paths.includes(path)) paths.push(path);
      return `r.found[${paths.indexOf(path) + 1}]`;
    });
    return {
      text: bare(texts.length === 1 ? (texts[0] as string) : `coalesce(${texts.join(", ")})`),
      label: names[0] as string,
      absent: false,
    };
  }
  const pattern = matching === undefined ? undefined : new RegExp(matching);
  const found =
    names.find((name) => columns.has(name)) ??
    [...columns.keys()].find((name) => pattern?.test(name));
  if (found === undefined) {
    return { text: "CAST(NULL AS VARCHAR)", label: names[0] ?? (matching as string), absent: true };
  }
  const value = `r.${quoteIdentifier(found)}`;
  const type = columns.get(found) as string;
  if (type === "VARCHAR") return { text: bare(value), label: found, absent: false };
  const text = `CAST(${value} AS VARCHAR)`;
  return { text, native: { value, type }, label: found, absent: false };
}

export function listNames(from: string | readonly string[] | undefined): readonly string[] {
  if (from === undefined) return [];
  return typeof from === "string" ? [from] : from;
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

/**
 * JSON paths for a dotted name. Rows that come from nested arrays carry their own fields under
 * the dotted name ("contracts.dateSigned"), so a name may be one key, a key with a path behind it, or a path.
 */
function jsonPaths(name: string): string[] {
  const segments = name.split(".");
  const paths = segments.map((_, index) => {
    const head = segments.slice(0, segments.length - index).join(".");
    return [head, ...segments.slice(segments.length - index)];
  });
  return paths.map((path) => `$${path.map(pathStep).join("")}`);
}

/** One step of a JSON path: a key, with list positions behind it. */
function pathStep(segment: string): string {
  const match = /^(.*?)((?:\[\d+\])*)$/s.exec(segment) as RegExpExecArray;
  return `."${(match[1] as string).replaceAll('"', '\\"')}"${match[2]}`;
}
