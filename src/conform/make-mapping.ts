import type { Context } from "../context.ts";
import { currencyOf, readRates } from "../standard/exchange-rates.ts";
import { PUBLIC_TEXTS } from "../standard/public-texts.ts";
import {
  type ColumnMapping,
  isCompiled,
  type SourceDefinition,
} from "../standard/source-definition.ts";
import { quoteLiteral } from "../store/sql-file.ts";
import type { Bindings } from "./bindings.ts";
import { type CoreColumn, PSEUDO_COLUMNS } from "./catalogue.ts";
import { readCodes } from "./code-list.ts";
import { type ColumnTask, isDated } from "./column-task.ts";
import { compiledRows } from "./compile-source.ts";
import { convertText } from "./convert.ts";
import { readsRecords } from "./described-by.ts";
import { exactNumber } from "./exact-number.ts";
import { fileOrigins } from "./file-values.ts";
import { formOf } from "./identifier-columns.ts";
import type { Mapping, ReportOrder } from "./judged-rows.ts";
import { KNOWN_FROM } from "./known-from.ts";
import { type Lookup, schemesOf } from "./lookup.ts";
import { type MappedColumn, type MappingPlace, mapColumn } from "./map-column.ts";
import { readMoney } from "./money.ts";
import { ratesTable } from "./rates.ts";
import { type FileGroup, fileView } from "./raw-files.ts";
import { listNames, type Origin, originNames, readNamed } from "./read-column.ts";
import { readOrigin } from "./read-origin.ts";
import type { Released } from "./releases.ts";
import { findMissing, listWanted, type WantedColumn } from "./wanted-columns.ts";

const RECEIPT_FORMAT = "%Y-%m-%d %H:%M:%S";

/** A source's definition as it holds for a group of files. */
export interface MadeMapping {
  readonly mapping: Mapping;
  /** What the files lack though they may not: they cannot be used. */
  readonly missing: readonly WantedColumn[];
  /** Core columns that the definition maps and that the files, as they may, do not deliver: neither empty nor 0. */
  readonly undelivered: readonly string[];
}

/** Compiles a source's definition for a group of files with the same columns. */
export function makeMapping(
  context: Context,
  source: SourceDefinition,
  catalogue: readonly CoreColumn[],
  lookups: ReadonlyMap<string, Lookup>,
  group: FileGroup,
  bindings: Bindings,
  released: Released = new Map(),
): MadeMapping {
  const format = source.format.type;
  const fileValues = fileOrigins(source);
  const place = {
    columns: group.columns,
    keys: group.keys,
    paths: readsRecords(source) ? [] : undefined,
    blanks: format !== "parquet" && format !== "arrow",
    bindings,
    currency: currencyOf(context.pipeline),
    fileValue: (core: string) => fileValues.indexOf(core) + 1,
  };
  const types = new Map(catalogue.map(({ name, type }) => [name, type]));
  const needed = listNeeded(source, catalogue);
  const missing = findMissing(listWanted(source), needed, place);
  const tasks = Object.entries(source.columns).map(([core, own]) => {
    const mapping = source.empty ? { ...own, empty: [...source.empty, ...(own.empty ?? [])] } : own;
    const required = isRequired(source, catalogue, core, mapping);
    const origin = readOrigin(core, mapping, place);
    if (origin.absent && needed.has(core) && mapping.optional) {
      missing.push({ core, names: originNames(mapping), optional: false });
    }
    const schemes = schemesOf(source, core, mapping);
    const type = types.get(core) ?? (PSEUDO_COLUMNS[core] as string);
    const form = schemes ? undefined : formOf(source, core, mapping, type);
    // Codes of bodies are no texts: a register that has them held back would know nobody.
    const shown = form !== "identifier" && isShown(source, core, mapping, type);
    return {
      core,
      type,
      form,
      required,
      mapping,
      origin,
      lookup: schemes && lookups.get(schemes.join(",")),
      codes: withCases(mapping, readCodes(context.workspace, mapping.codes)),
      money: readMoney(source, { core, type, mapping }, place),
      shown: shown ? (released.get(core) ?? { all: false, marks: [] }) : undefined,
    };
  });
  const known = readKnownAt(source, place);
  const zone = context.pipeline.time_zone;
  const columns = mapColumns([...tasks, known], {
    zone,
    currency: place.currency,
    pseudonymKey: context.pseudonymKey,
    bindings,
  });
  const views = isCompiled(source)
    ? [compiledRows(source)]
    : group.files.map((file) => fileView(source.source, file));
  const order = readOrder(source, columns, place, zone);
  const undelivered = tasks
    .filter(({ origin, mapping }) => origin.absent && mapping.default === undefined)
    .map(({ core }) => core);
  return {
    mapping: {
      source,
      catalogue,
      views,
      columns,
      place,
      order,
      bindings,
      zone,
      rates: ratesTable(readRates(context.workspace, context.pipeline), bindings),
    },
    missing,
    undelivered,
  };
}

/** A code list beside cases: what these say is a core value already. */
function withCases(
  { cases }: Pick<ColumnMapping, "cases">,
  codes: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | undefined {
  if (codes === undefined || cases === undefined) return codes;
  return { ...codes, ...Object.fromEntries(cases.map(({ is }) => [is, is])) };
}

/** Dates first: of the others, some are looked at beside them. */
function mapColumns(
  tasks: readonly Omit<ColumnTask, "position">[],
  place: Omit<MappingPlace, "days">,
): MappedColumn[] {
  const placed = tasks.map((task, position) => ({ ...task, position }));
  const days = placed.filter(isDated).map((task) => mapColumn(task, { ...place, days: [] }).value);
  return placed.map((task) => mapColumn(task, { ...place, days }));
}

/** Whether a publication shows the text of a column as it was delivered. */
function isShown(
  { kind }: SourceDefinition,
  core: string,
  { person, codes, unknown, value, entity }: ColumnMapping,
  type: string,
): boolean {
  const free = codes === undefined || unknown === "keep";
  const given = person === undefined && value === undefined && entity === undefined;
  return given && free && type === "VARCHAR" && (PUBLIC_TEXTS[kind] ?? []).includes(core);
}

/** Core columns, and what stands for one, that no row can do without. */
function listNeeded(source: SourceDefinition, catalogue: readonly CoreColumn[]): Set<string> {
  const { known_at } = source;
  const needed = new Set(["order", KNOWN_FROM]);
  if (typeof known_at === "object" && "column" in known_at && known_at.otherwise) {
    needed.delete(KNOWN_FROM);
  }
  for (const [core, mapping] of Object.entries(source.columns)) {
    if (isRequired(source, catalogue, core, mapping) && mapping.default === undefined) {
      needed.add(core);
    }
  }
  return needed;
}

/** What tells the order of contradicting rows: a core column as it is, or a column of the source as number and as time. */
function readOrder(
  { order }: SourceDefinition,
  columns: readonly MappedColumn[],
  place: Parameters<typeof readOrigin>[2],
  zone: string,
): ReportOrder | undefined {
  if (order === undefined) return undefined;
  const core = columns.find((column) => column.core === order);
  if (core) {
    const value = `r${core.position}`;
    const isTime = core.type === "DATE" || core.type === "TIMESTAMP";
    if (isTime) return { text: undefined, number: "NULL", time: value };
    if (core.type !== "VARCHAR") {
      const number = `TRY_CAST(${value} AS DECIMAL(38,12))`;
      return { text: undefined, number, time: "NULL" };
    }
    return { text: undefined, ...placesOf(value, zone) };
  }
  const { text } = readNamed([order], undefined, place);
  return { text, ...placesOf("ordering", zone) };
}

function placesOf(text: string, zone: string): { readonly number: string; readonly time: string } {
  return { number: exactNumber(text), time: convertText(text, "TIMESTAMP", { zone }) };
}

/** When a row became known, as one more column. */
function readKnownAt(
  { known_at }: Pick<SourceDefinition, "known_at">,
  place: Parameters<typeof readOrigin>[2],
): Omit<ColumnTask, "position"> {
  let origin: Origin;
  let formats: string[] | undefined;
  if (typeof known_at === "object" && "column" in known_at) {
    origin = readNamed(listNames(known_at.column), undefined, place);
    formats = known_at.formats;
    if (known_at.otherwise === "receipt") {
      if (origin.absent) return readKnownAt({ known_at: "receipt" }, place);
      const receipt = `strftime(d.received_at, ${quoteLiteral(RECEIPT_FORMAT)})`;
      const text = `coalesce(nullif(${origin.text}, ''), ${receipt})`;
      origin = { ...origin, text, native: undefined };
      if (formats) formats = [...formats, RECEIPT_FORMAT];
    }
  } else if (known_at === "receipt") {
    const native = { value: "d.received_at", type: "TIMESTAMP" };
    origin = { text: "CAST(d.received_at AS VARCHAR)", native, label: KNOWN_FROM, absent: false };
  } else {
    origin = { text: "d.known_at", label: KNOWN_FROM, absent: false };
  }
  const mapping: ColumnMapping = { unknown: "quarantine", ...(formats ? { formats } : {}) };
  return {
    core: KNOWN_FROM,
    type: "TIMESTAMP",
    required: true,
    mapping,
    origin,
    lookup: undefined,
    codes: undefined,
    form: undefined,
  };
}

function isRequired(
  source: SourceDefinition,
  catalogue: readonly CoreColumn[],
  core: string,
  mapping: ColumnMapping,
): boolean {
  const column = catalogue.find(({ name }) => name === core);
  return (
    mapping.required === true ||
    source.key.includes(core) ||
    source.valid.from === core ||
    (column !== undefined && !column.nullable && column.fallback === undefined)
  );
}
