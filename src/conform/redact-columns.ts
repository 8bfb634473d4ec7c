import { cleanName, columnKey } from "../standard/column-name.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { quoteIdentifier, quoteLiteral } from "../store/sql-file.ts";
import { plainPaths } from "./json-path.ts";
import type { Mapping } from "./judged-rows.ts";
import { KNOWN_FROM } from "./known-from.ts";
import { PSEUDONYM_MARK } from "./pseudonym.ts";
import { conditionsOf, listNames, originNames } from "./read-column.ts";

/** Something the definition reads from a column of the source, and the rows in which it does: SQL over the raw row. */
interface Reading {
  readonly names: readonly string[];
  readonly matching: RegExp | undefined;
  readonly condition: string;
  /** In JSON several values may stand where one is read: SQL of which it is. Absent: all are. */
  readonly kept?: ((value: string) => string) | undefined;
}

/** What the definition reads of each column, apart from persons. */
export interface Readings {
  /** Decide which rows are for this kind and when they became known: kept in all rows. */
  readonly always: ReadonlySet<string>;
  readonly others: readonly Reading[];
  /** Columns about persons: with the name of their pseudonym in redaction_row, or without one for those only kept apart. */
  readonly persons: readonly (Omit<Reading, "condition"> & {
    readonly pseudonym: string | undefined;
  })[];
  /** What is read as a value of some kind, with the column of redaction_row that says whether a row's text is none. */
  readonly faults: readonly Told[];
  /** Texts that are held back, with the column that has the mark in their place. */
  readonly held: readonly Told[];
}

/** A column of the source, and the columns of redaction_row that tell something of it: `text` its text, where that is in a list. */
type Told = Omit<Reading, "condition"> & { readonly at: string; readonly text: string };

/** Texts that may be held back, where they are read as they stand. */
export function listHeld({ columns }: Mapping): readonly Told[] {
  return columns
    .filter(({ shown, mapping }) => shown && mapping.from !== undefined && !mapping.extract)
    .map(({ position, mapping }) => ({
      names: listNames(mapping.from),
      matching: mapping.matching === undefined ? undefined : new RegExp(mapping.matching),
      at: `h${position}`,
      text: `s${position}`,
    }));
}

/** A column that is read as a value, as the quarantine names it. */
type Faulty = Told & { readonly label: string };

/** What redaction must know of faults: the columns that are read as values, and where redaction_row says that one is none. */
export function listFaults({ source, columns }: Mapping): readonly Faulty[] {
  const { known_at } = source;
  const told = typeof known_at === "object" && "column" in known_at ? known_at.column : undefined;
  return columns
    .filter(({ mapping }) => !mapping.person)
    .map(({ core, position, mapping, origin }) => ({
      label: origin.label,
      names: core === KNOWN_FROM ? listNames(told) : originNames(mapping),
      matching: mapping.matching === undefined ? undefined : new RegExp(mapping.matching),
      at: `g${position}`,
      text: `s${position}`,
    }));
}

/** Positions of the columns whose text redaction must know: in JSON what else stands beside it goes. */
export function textsOfRecords({ columns, place }: Mapping): number[] {
  const isRead = ({ mapping }: Mapping["columns"][number]) =>
    !mapping.person && originNames(mapping).length > 0;
  return place.paths ? columns.filter(isRead).map(({ position }) => position) : [];
}

/** Which of the values that stand where a column is read is the one read; in a sum all are, or the one that is no number. */
function keptOf({ columns, place }: Mapping, core: string): Reading["kept"] {
  const column = columns.find((each) => each.core === core);
  if (!place.paths || !column || column.mapping.template !== undefined) return undefined;
  const { position, mapping } = column;
  const isText = (value: string) =>
    `trim(json_extract_string(${value}, '$'), E' \\t\\r\\n\u3000\u00a0') = j.s${position}`;
  if (mapping.pick !== "sum") return isText;
  return (value) => `NOT coalesce(j.g${position}, false) OR ${isText(value)}`;
}

export function isInList(name: string): boolean {
  return name.includes("[");
}

/** Sorts out what a mapping reads; `pseudonymAt` names the column of redaction_row that holds a person's pseudonym. */
export function listReadings(compiled: Mapping, pseudonymAt: (core: string) => string): Readings {
  const { source, place, bindings } = compiled;
  const { columns, restricted = [], only, except, known_at, order } = source;
  const rows = { ...place, bindings };
  const mappings = Object.entries(columns);
  const always = new Set([
    ...Object.keys(only ?? {}),
    ...Object.keys(except ?? {}),
    ...(typeof known_at === "object" && "column" in known_at ? listNames(known_at.column) : []),
  ]);
  const deciding = mappings.flatMap(([, { when, once }]) => [
    ...[when ?? []].flat().flatMap((way) => Object.keys(way)),
    ...(once ? [once.sum, once.reaches] : []),
  ]);
  const patternOf = (matching: string | undefined) =>
    matching === undefined ? undefined : new RegExp(matching);
  return {
    always,
    faults: listFaults(compiled),
    held: listHeld(compiled),
    others: [
      {
        names: [...always, ...deciding, ...listNames(order)],
        matching: undefined,
        condition: "true",
      },
      ...mappings
        .filter(([, { person }]) => !person)
        .map(([core, mapping]) => ({
          kept: keptOf(compiled, core),
          names: [
            ...originNames(mapping),
            ...[...(mapping.template ?? "").matchAll(/\$\{([^}]+)\}/g)].map(
              ([, name]) => name ?? "",
            ),
          ],
          matching: patternOf(mapping.matching),
          condition: mapping.when
            ? [mapping.when]
                .flat()
                .map((way) => `(${conditionsOf(way, rows, "IN").join(" AND ")})`)
                .join(" OR ")
            : "true",
        })),
    ],
    persons: [
      ...mappings
        .filter(([, { person }]) => person)
        .map(([core, mapping]) => ({
          names: originNames(mapping),
          matching: patternOf(mapping.matching),
          pseudonym: pseudonymAt(core),
        })),
      ...restricted.map(({ from }) => ({
        names: [from],
        matching: undefined,
        pseudonym: undefined,
      })),
    ],
  };
}

/** Whether a column is one of those named: names are compared as conform compares them. */
export function readsColumn(
  { names, matching }: Omit<Reading, "condition">,
  column: string,
): boolean {
  const key = columnKey(column);
  return (
    names.some((name) => columnKey(name) === key) ||
    (matching !== undefined && (matching.test(column) || matching.test(cleanName(column))))
  );
}

/**
 * SQL of a value once its row's retention is over: the pseudonym where it names a person, so that conform finds the same
 * pseudonym again; itself where something else reads it in such a row; empty where nothing does.
 */
export function redactedValue(
  name: string,
  value: string,
  empty: string,
  { always, others, persons, faults, held }: Readings,
): string {
  const reads = (reading: Omit<Reading, "condition">) => readsColumn(reading, name);
  const tokens = persons
    .filter(reads)
    .flatMap(({ pseudonym }) => (pseudonym === undefined ? [] : [pseudonym]))
    .map((at) => `WHEN j.${at} IS NOT NULL THEN ${quoteLiteral(PSEUDONYM_MARK)} || j.${at}`);
  // A text that is no value was set aside; another that is none is set aside for the same reason. Typed columns have none.
  const isText = empty !== "NULL";
  const faulty = faults.filter((each) => isText && reads(each));
  const masked = [
    ...faulty.map(({ at }) => `WHEN j.${at} THEN '***'`),
    ...held.filter(reads).map(({ at }) => `WHEN j.${at} IS NOT NULL THEN j.${at}`),
  ];
  const conditions = others.filter(reads).map(({ condition }) => `(${condition})`);
  const kept = conditions.length > 0 ? [`WHEN ${conditions.join(" OR ")} THEN ${value}`] : [];
  const unread = readsColumn({ names: [...always], matching: undefined }, name) ? value : empty;
  return `CASE WHEN NOT j.is_read THEN ${unread} ${[...tokens, ...masked, ...kept].join(" ")} ELSE ${empty} END`;
}

/** Whether the definition reads a path of a record's keys, or something above or below it. */
export function isPartRead(path: string, { others, persons }: Readings): boolean {
  const read = [...others, ...persons].flatMap(({ names }) => names.flatMap(plainPaths));
  return read.some((one) => `${one}.`.startsWith(`${path}.`) || `${path}.`.startsWith(`${one}.`));
}

/** Whether the definition reads a column. */
function isRead(name: string, { others, persons }: Readings): boolean {
  return [...others, ...persons].some((reading) => readsColumn(reading, name));
}

/**
 * SQL of the columns of a redacted table, each after a comma; numbers give way to text where a pseudonym takes their place.
 * @param isWhole no row is left whose retention is not over
 */
export function redactTable(
  columns: ReadonlyMap<string, string>,
  readings: Readings | undefined,
  expired: string,
  isWhole: boolean,
): string {
  return [...columns]
    .map(([name, type], index) => {
      const column = quoteIdentifier(name);
      const aboutPerson = readings?.persons.some((reading) => readsColumn(reading, name));
      const isText = type === "VARCHAR" || aboutPerson;
      const value = isText && type !== "VARCHAR" ? `CAST(r.${column} AS VARCHAR)` : `r.${column}`;
      const empty = isText ? "''" : "NULL";
      const redacted = readings ? redactedValue(name, value, empty, readings) : empty;
      // Of a file nothing could be read from, the header may be somebody's data too; so may one that nothing reads.
      const named = readings && (!isWhole || isRead(name, readings));
      const shown = named ? column : quoteIdentifier(`#${index + 1}`);
      return `, CASE WHEN ${expired} THEN ${redacted} ELSE ${value} END AS ${shown}`;
    })
    .join("");
}

/** Raised when redaction itself takes out more: files are then looked at again. */
const REDACTION_VERSION = 4;

/** Whether two definitions redact alike: what their hash is made of. */
export function redactionRule({
  columns,
  restricted,
  only,
  except,
  known_at,
  retention_months,
}: SourceDefinition): string {
  return JSON.stringify([
    REDACTION_VERSION,
    columns,
    restricted,
    only,
    except,
    known_at,
    retention_months,
  ]);
}
