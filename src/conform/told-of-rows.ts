import type { ColumnMapping, SourceDefinition } from "../standard/source-definition.ts";
import { quoteLiteral } from "../store/sql-file.ts";
import type { Mapping } from "./judged-rows.ts";
import { KNOWN_FROM } from "./known-from.ts";
import type { MappedColumn } from "./map-column.ts";
import { PSEUDONYM_MARK } from "./pseudonym.ts";
import { findColumn, listNames, originNames } from "./read-column.ts";
import { writePart } from "./text-parts.ts";

/** Columns of the source, and the columns of redaction_row that tell something of them: `text` their text, where that is in a list. */
export interface Told {
  readonly names: readonly string[];
  readonly at: string;
  readonly text: string;
}

/** Where a value is taken from. */
type Taken = Pick<ColumnMapping, "from" | "first_of" | "matching" | "template">;

/** The column that says when a row became known; empty where none does. */
function knownColumn({ known_at }: SourceDefinition): Taken {
  return typeof known_at === "object" && "column" in known_at ? { from: known_at.column } : {};
}

/** Names of what a column's value is taken from in these files: in tables, of several the one that they have. */
export function takenFrom(mapping: Taken, place: Mapping["place"]): readonly string[] {
  const { from, first_of, matching, template } = mapping;
  if (place.paths || template !== undefined) return originNames(mapping);
  const ways = first_of ? first_of.map((name) => [name]) : [listNames(from)];
  return ways.flatMap((names) => findColumn(names, matching, place)?.column ?? []);
}

export function namesOf(
  { source, place }: Mapping,
  { core, mapping }: MappedColumn,
): readonly string[] {
  return takenFrom(core === KNOWN_FROM ? knownColumn(source) : mapping, place);
}

/** Texts that may be held back, where they are read as they stand. */
export function listHeld(compiled: Mapping): readonly Told[] {
  return compiled.columns
    .filter(({ shown, mapping }) => shown && mapping.from !== undefined && !mapping.extract)
    .map((column) => ({
      names: namesOf(compiled, column),
      at: `h${column.position}`,
      text: `s${column.position}`,
    }));
}

/** A column that is read as a value, as the quarantine names it, and SQL over redaction's query of whether its text is none. */
type Faulty = Told & { readonly when: string };

/** What redaction must know of faults: the columns that are read as values, and where redaction_row says that one is none. */
export function listFaults(compiled: Mapping): readonly Faulty[] {
  return compiled.columns
    .filter(({ mapping }) => !mapping.person)
    .map((column) => ({
      names: namesOf(compiled, column),
      at: `g${column.position}`,
      text: `s${column.position}`,
      when: faultOf(column),
    }));
}

/** SQL of whether a column's text was set aside as no value, or dropped as no code. */
function faultOf(column: MappedColumn): string {
  const { position, origin } = column;
  const told = `coalesce(list_contains(q.columns, ${quoteLiteral(origin.label)}), false)`;
  return isCoded(column)
    ? `(${told} OR coalesce(j.t${position} IS NOT NULL AND j.m${position} IS NULL, false))`
    : told;
}

/** Whether a text that is no code leaves nothing: what it said is then not needed. */
export function isCoded({ codes, mapping }: MappedColumn): boolean {
  return codes !== undefined && mapping.unknown !== "keep";
}

/** Whether of a column's texts only a part is read, in one column each. */
export function isPart({ mapping }: MappedColumn): boolean {
  return mapping.extract !== undefined && mapping.template === undefined && !mapping.file;
}

/** SQL, over redaction's query, of the parts of texts that are read, each as a column of redaction_row. */
export function listParts({ columns }: Mapping): string[] {
  return columns.filter(isPart).map((column) => {
    const { core, position, mapping, shown } = column;
    const text = shown ? `coalesce(j.h${position}, j.t${position})` : `j.t${position}`;
    const value = mapping.person
      ? `${quoteLiteral(PSEUDONYM_MARK)} || j.r${position}`
      : `CASE WHEN ${faultOf(column)} THEN '***' ELSE ${text} END`;
    return `${writePart(core, value)} AS e${position}`;
  });
}

/** Positions of the columns whose text redaction must know: in JSON what else stands beside it goes. */
export function textsOfRecords(compiled: Mapping): number[] {
  if (!compiled.place.paths) return [];
  return compiled.columns
    .filter((column) => !column.mapping.person && namesOf(compiled, column).length > 0)
    .map(({ position }) => position);
}
