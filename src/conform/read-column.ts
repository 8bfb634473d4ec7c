import type { ColumnMapping } from "../standard/source-definition.ts";
import { quoteIdentifier } from "../store/sql-file.ts";
import type { Bindings } from "./bindings.ts";
import { exactNumber } from "./exact-number.ts";
import {
  chooses,
  foundOnce,
  jsonPaths,
  type Pick as PickOne,
  parseChoices,
  pickText,
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
  const conditions: string[] = [];
  if (mapping.when) {
    const ways = [mapping.when].flat().map((way) => conditionsOf(way, place, "IN"));
    conditions.push(ways.map((way) => `(${way.join(" AND ")})`).join(" OR "));
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

/** SQL that reads the first of several names that these files have. */
export function readNamed(
  names: readonly string[],
  matching: string | undefined,
  { columns, paths, blanks, bindings }: Omit<ReadingPlace, "fileValue">,
  pick: PickOne = "first",
): Origin {
  const bare = (text: string) => (blanks ? trimmed(text) : text);
  if (paths) {
    const found = (name: string) =>
      jsonPaths(name).map((path) => {
        if (!paths.includes(path)) paths.push(path);
        return `r.found[${paths.indexOf(path) + 1}]`;
      });
    const first = (texts: readonly string[]) =>
      texts.length === 1 ? (texts[0] as string) : `coalesce(${texts.join(", ")})`;
    const texts = names.flatMap((name) => {
      if (!chooses(name)) return found(name);
      const bind = (value: string) => bindings.bind(value);
      return pickText(
        textsAt(parseChoices(name), (path) => first(found(path)), bind),
        pick,
      );
    });
    const text = first(texts);
    return {
      text: names.some(chooses) && blanks ? foundOnce(text, "text", bare("text")) : bare(text),
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

/** Every name a mapping may take its value from, for people and for what must be masked. */
export function originNames({
  from,
  first_of,
  matching,
  template,
}: ColumnMapping): readonly string[] {
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
