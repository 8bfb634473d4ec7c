import { columnKey } from "../standard/column-name.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { quoteIdentifier, quoteLiteral } from "../store/sql-file.ts";
import { plainPaths } from "./json-path.ts";
import type { Mapping } from "./judged-rows.ts";
import type { MappedColumn } from "./map-column.ts";
import { moneyNames } from "./money.ts";
import { PSEUDONYM_MARK } from "./pseudonym.ts";
import { conditionsOf, emptyToNull, listNames, readNamed } from "./read-column.ts";
import { joinParts } from "./text-parts.ts";
import { isPart, listFaults, listHeld, namesOf, type Told, takenFrom } from "./told-of-rows.ts";

/** Something the definition reads from a column of the source, and the rows in which it does: SQL over the raw row. */
interface Reading {
  readonly names: readonly string[];
  readonly condition: string;
  /** Column of redaction_row with the part of the text that is read; absent where all of it is. */
  readonly part?: string | undefined;
  /** Column of redaction_row with the text itself, where that is in a list. */
  readonly text?: string | undefined;
  /** In JSON several values may stand where one is read: SQL of which it is. Absent: all are. */
  readonly kept?: ((value: string) => string) | undefined;
}

/** What the definition reads of each column, apart from persons. */
export interface Readings {
  /** Decide which rows are for this kind: kept in all rows. */
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
  const { source, place, columns } = compiled;
  const { restricted = [], only, except, order } = source;
  const always = new Set([...Object.keys(only ?? {}), ...Object.keys(except ?? {})]);
  const deciding = Object.values(source.columns).flatMap((mapping) => [
    ...[mapping.when ?? [], ...(mapping.cases ?? []).map(({ when }) => when)]
      .flat()
      .flatMap((way) => Object.keys(way)),
    ...moneyNames(mapping),
    ...(mapping.once ? [mapping.once.sum, mapping.once.reaches] : []),
  ]);
  const partOf = (column: MappedColumn) => (isPart(column) ? `e${column.position}` : undefined);
  const persons = columns.filter(({ mapping }) => mapping.person);
  return {
    always,
    faults: listFaults(compiled),
    held: listHeld(compiled),
    others: [
      { names: [...always, ...deciding, ...listNames(order)], condition: "true" },
      ...columns
        .filter(({ mapping }) => !mapping.person)
        .flatMap((column) => readingsOf(compiled, column, partOf(column))),
    ],
    persons: [
      ...persons.map((column) => ({
        names: takenFrom(column.mapping, place),
        pseudonym: pseudonymAt(column.core),
        part: partOf(column),
      })),
      ...restricted.map(({ from }) => ({ names: [from], pseudonym: undefined })),
    ],
  };
}

/** What is read for one column: of several that stand in for one another, each only where those before it are empty. */
function readingsOf(compiled: Mapping, column: MappedColumn, part: string | undefined): Reading[] {
  const { place, bindings } = compiled;
  const { mapping, core, position } = column;
  const rows = { ...place, bindings };
  const glued = [...(mapping.template ?? "").matchAll(/\$\{([^}]+)\}/g)];
  const condition = mapping.when
    ? `(${[mapping.when]
        .flat()
        .map((way) => `(${conditionsOf(way, rows, "IN").join(" AND ")})`)
        .join(" OR ")})`
    : "true";
  if (place.paths || mapping.first_of === undefined) {
    const names = [...namesOf(compiled, column), ...glued.map(([, name = ""]) => name)];
    return [{ names, condition, part, text: `s${position}`, kept: keptOf(compiled, core) }];
  }
  const isEmpty = (name: string) =>
    `${emptyToNull(readNamed([name], undefined, rows).text, mapping.empty ?? [], bindings)} IS NULL`;
  return mapping.first_of.map((name, at, all) => ({
    names: takenFrom({ from: name }, place),
    condition: [condition, ...all.slice(0, at).map(isEmpty)].join(" AND "),
    part,
  }));
}

/** Whether a column is one of those named: names are compared as conform compares them. */
export function readsColumn({ names }: Pick<Reading, "names">, column: string): boolean {
  const key = columnKey(column);
  return names.some((name) => columnKey(name) === key);
}

/**
 * SQL of what is left of a text of which only parts are read; undefined where it is read as a whole, or only about persons.
 * @param value SQL of the text
 */
export function partsOf(
  name: string,
  value: string,
  { others, persons }: Readings,
): string | undefined {
  const reads = (reading: Pick<Reading, "names">) => readsColumn(reading, name);
  const own = others.filter(reads);
  const named = persons.filter((each) => each.pseudonym !== undefined && reads(each));
  const parts = [
    ...own.map(({ part, condition }) => part && `CASE WHEN ${condition} THEN j.${part} END`),
    ...named.map(({ part }) => part && `j.${part}`),
  ].filter((part) => part !== undefined);
  if (own.length === 0 || parts.length < own.length + named.length) return undefined;
  return `CASE WHEN trim(${value}) <> '' THEN ${joinParts(parts)} ELSE '' END`;
}

/**
 * SQL of a value once its row's retention is over: the pseudonym where it names a person, so that conform finds the same
 * pseudonym again; itself, or the part of it, where something else reads it in such a row; empty where nothing does.
 */
export function redactedValue(
  name: string,
  value: string,
  empty: string,
  readings: Readings,
): string {
  const { always, others, persons, faults, held } = readings;
  const reads = (reading: Pick<Reading, "names">) => readsColumn(reading, name);
  const unread = readsColumn({ names: [...always] }, name) ? value : empty;
  // A text that is no value was set aside; another that is none is set aside for the same reason. Typed columns have none.
  const isText = empty !== "NULL";
  const parts = isText ? partsOf(name, value, readings) : undefined;
  if (parts) return `CASE WHEN NOT j.is_read THEN ${unread} ELSE ${parts} END`;
  const tokens = persons
    .filter(reads)
    .flatMap(({ pseudonym }) => (pseudonym === undefined ? [] : [pseudonym]))
    .map((at) => `WHEN j.${at} IS NOT NULL THEN ${quoteLiteral(PSEUDONYM_MARK)} || j.${at}`);
  const faulty = faults.filter((each) => isText && reads(each));
  const masked = [
    ...faulty.map(({ at }) => `WHEN j.${at} THEN '***'`),
    ...held.filter(reads).map(({ at }) => `WHEN j.${at} IS NOT NULL THEN j.${at}`),
  ];
  const conditions = others.filter(reads).map(({ condition }) => `(${condition})`);
  const kept = conditions.length > 0 ? [`WHEN ${conditions.join(" OR ")} THEN ${value}`] : [];
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
      const inParts = readings && partsOf(name, "''", readings) !== undefined;
      const isText = type === "VARCHAR" || aboutPerson || inParts;
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
const REDACTION_VERSION = 5;

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
