import type { SourceDefinition } from "../standard/source-definition.ts";
import { quoteIdentifier, quoteLiteral } from "../store/sql-file.ts";
import type { Bindings } from "./bindings.ts";
import type { CoreColumn } from "./catalogue.ts";
import { hashContent, hashKey } from "./content-hash.ts";
import { KNOWN_FROM } from "./known-from.ts";
import { type Flag, isDated, type MappedColumn } from "./map-column.ts";
import { isPseudonym } from "./pseudonym.ts";
import {
  conditionsOf,
  listNames,
  originNames,
  type ReadingPlace,
  readNamed,
} from "./read-column.ts";

/** The mapping of a group of files, ready to be turned into statements. */
export interface Mapping {
  readonly source: SourceDefinition;
  readonly catalogue: readonly CoreColumn[];
  /** Views of the files, all with the same columns. */
  readonly views: readonly string[];
  readonly columns: readonly MappedColumn[];
  readonly place: Omit<ReadingPlace, "bindings" | "fileValue">;
  /** What tells the order of rows with one key and one known-at time, where the source says so. */
  readonly order: ReportOrder | undefined;
  readonly bindings: Bindings;
}

/** SQL over the judged rows of a row's place in their order; each is NULL where it cannot be told. */
export interface ReportOrder {
  /** SQL over the raw row, of the text the judged row carries as `ordering`; absent when a core column tells. */
  readonly text: string | undefined;
  readonly number: string;
  readonly time: string;
}

/**
 * Which rows to read: all; those whose key comes again, held in core or not; those that can go straight to core,
 * with the fate settled for those whose key comes again among new rows; or those found faultless before.
 */
export type RowChoice = "all" | "held" | "arriving" | "direct" | "accepted";

/** SQL of every row's key, as a number: file_id, line, h. Reads no more columns than it needs. */
export function keysQuery(mapping: Mapping): string {
  const { source } = mapping;
  const key = keyOf(mapping);
  const inKey = mapping.columns.filter(({ core }) => source.key.includes(core));
  const dated = inKey.some(({ lookup }) => lookup) ? [source.valid.from] : [];
  const needed = [...source.key, ...dated];
  const columns = withDays(mapping, ({ core }) => needed.includes(core));
  return `${judgedRows({ ...mapping, columns }, false, "all")}, keyed AS (
  SELECT file_id, line, ${hashKey(key)} AS h, ${held(`${key} IS NOT NULL`)} AS has_key FROM judged
)
SELECT file_id, line, h FROM keyed WHERE has_key`;
}

/** Some columns of a mapping, and those with days where a text among them is looked at beside them. */
export function withDays(
  { columns }: Mapping,
  wanted: (column: MappedColumn) => boolean,
): MappedColumn[] {
  const looked = columns.some((column) => column.shown && !column.shown.all && wanted(column));
  return columns.filter((column) => wanted(column) || (looked && isDated(column)));
}

/** SQL of the rows that are faultless, with the columns of the core table. */
export function acceptedQuery(mapping: Mapping, choice: RowChoice): string {
  return `${acceptedRows(mapping, choice)}
SELECT * EXCLUDE (settled_to), settled_to AS known_to, ${mapping.bindings.bind(mapping.source.source)} AS source_id
FROM accepted`;
}

/**
 * SQL of what tells the versions of a key apart, of the rows that are faultless: record_key, row_hash, known_from, file_id,
 * line, order_number, order_time.
 */
export function reportsQuery(mapping: Mapping, choice: RowChoice): string {
  const { number, time } = mapping.order ?? { number: "NULL", time: "NULL" };
  const order = [
    `CAST(${number} AS DECIMAL(38,12)) AS order_number`,
    `CAST(${time} AS TIMESTAMP) AS order_time`,
  ];
  return `${acceptedRows(mapping, choice, order)}
SELECT record_key, ${hashContent(mapping.catalogue)} AS row_hash, known_from, file_id, line, order_number, order_time FROM accepted`;
}

/** The common part of both: the faultless rows with their core values, as the table accepted. */
function acceptedRows(mapping: Mapping, choice: RowChoice, more: readonly string[] = []): string {
  const { source, catalogue, columns } = mapping;
  const mapped = new Map(columns.map((column) => [column.core, column]));
  const result = (core: string) => `r${mapped.get(core)?.position}`;
  const content = catalogue.map((column) => {
    const value = mapped.has(column.name) ? result(column.name) : undefined;
    const fallback = column.fallback ?? `CAST(NULL AS ${column.type})`;
    const sql = value && !column.nullable ? `coalesce(${value}, ${fallback})` : (value ?? fallback);
    return { name: quoteIdentifier(column.name), sql };
  });
  const flags = columns.flatMap((column) => column.flags);
  const to = source.valid.to ? `CAST(${result(source.valid.to)} AS DATE)` : "CAST(NULL AS DATE)";
  return `${judgedRows(mapping, false, choice)}, accepted AS (
  SELECT file_id, line, settled_to, ${keyOf(mapping)} AS record_key, vday AS valid_from, ${to} AS valid_to, ${result(KNOWN_FROM)} AS known_from,
    ${flags.length > 0 ? "flags" : "CAST(NULL AS VARCHAR[])"} AS flags,
    ${[...content.map(({ name, sql }) => `${sql} AS ${name}`), ...more].join(", ")}
  FROM judged WHERE faultless
)`;
}

/** SQL of a row's record_key, over the judged rows. */
function keyOf({ source, columns }: Mapping): string {
  const parts = source.key.map((name) => {
    const column = columns.find(({ core }) => core === name);
    return column?.keyPart ? `k${column.position}` : `CAST(r${column?.position} AS VARCHAR)`;
  });
  return parts.join(" || '|' || ");
}

/** SQL of the faults: file_id, line, column_name, value, reason, detail, personal; one row each. */
export function faultsQuery(mapping: Mapping): string {
  const { source, columns, bindings } = mapping;
  const personal = new Set([
    ...Object.values(source.columns).flatMap((each) => (each.person ? originNames(each) : [])),
    ...(source.restricted ?? []).map(({ from }) => from),
  ]);
  const faults = columns.map(
    ({ position, origin, mapping: { person }, detail }) =>
      `{'column_name': ${bindings.bind(origin.label)}, 'value': CAST(t${position} AS VARCHAR), 'reason': f${position}, 'detail': CAST(${detail} AS VARCHAR), 'personal': ${person !== undefined || personal.has(origin.label)}}`,
  );
  return `${judgedRows(mapping, true, "all")}, fault AS (
  SELECT file_id, line, unnest([${faults.join(", ")}]) AS fault
  FROM judged WHERE NOT faultless
)
SELECT file_id, line, fault.column_name, fault.value, fault.reason, fault.detail, fault.personal
FROM fault WHERE fault.reason IS NOT NULL`;
}

/** SQL of when the first row of each file became known, faulty rows too: file_id, known. */
export function firstKnownQuery(mapping: Mapping): string {
  const columns = mapping.columns.filter(({ core }) => core === KNOWN_FROM);
  return `${judgedRows({ ...mapping, columns }, false, "all")}
SELECT file_id, CAST(min(r${columns[0]?.position}) AS VARCHAR) AS known FROM judged GROUP BY file_id`;
}

/** SQL of something about the texts of columns as they stand in the files, over all rows: `about` leaves a column out with undefined. */
export function textsQuery(
  mapping: Mapping,
  about: (text: string, column: MappedColumn) => string | undefined,
): string {
  const asked = mapping.columns.flatMap(
    (column) => about(`CAST(${column.origin.text} AS VARCHAR)`, column) ?? [],
  );
  return `SELECT ${asked.join(", ")} ${fromRaw(mapping, "all")}`;
}

/** SQL of how many rows of each file are for this kind: file_id, rows. */
export function keptQuery(mapping: Mapping): string {
  return `SELECT d.file_id, count(*) AS rows ${fromRaw(mapping, "all")} GROUP BY d.file_id`;
}

/**
 * SQL of the personal values of the rows in the temporary table accepted_row: person_ref, role, field, value,
 * known_from. Reads no more columns than it needs.
 */
export function personsQuery(mapping: Mapping): string {
  const { source, bindings } = mapping;
  const columns = mapping.columns.filter((each) => each.mapping.person || each.core === KNOWN_FROM);
  const at = (core: string) => columns.find((column) => column.core === core)?.position;
  const own = columns
    .filter((column) => column.mapping.person)
    .map(({ position, mapping: { person } }) =>
      personStruct(
        `r${position}`,
        person,
        `CASE WHEN NOT ${isPseudonym(`m${position}`)} THEN m${position} END`,
        bindings,
      ),
    );
  const others = (source.restricted ?? []).map((entry, index) =>
    personStruct(`r${at(entry.of)}`, entry, `x${index}`, bindings),
  );
  return `${judgedRows({ ...mapping, columns }, false, "accepted")}, person AS (
  SELECT unnest([${[...own, ...others].join(", ")}]) AS p, r${at(KNOWN_FROM)} AS known_from FROM judged
)
SELECT p.person_ref, p.role, p.field, p.value, known_from FROM person
WHERE p.person_ref IS NOT NULL AND p.value IS NOT NULL`;
}

function personStruct(
  ref: string,
  person: { role: string; field: string } | undefined,
  value: string,
  bindings: Bindings,
): string {
  const { role, field } = person as { role: string; field: string };
  return `{'person_ref': ${ref}, 'role': CAST(${bindings.bind(role)} AS VARCHAR), 'field': CAST(${bindings.bind(field)} AS VARCHAR), 'value': ${value}}`;
}

/** The common part: raw rows read, coded, typed, looked up and judged. */
export function judgedRows(mapping: Mapping, explained: boolean, choice: RowChoice): string {
  const { source, columns, place, bindings } = mapping;
  const texts = columns.map((column) => `${column.origin.text} AS s${column.position}`);
  const natives = columns
    .filter(({ native }) => native)
    .map((column) => `${column.native} AS n${column.position}`);
  const others = (source.restricted ?? []).map(({ from }, index) => {
    const { text } = readNamed(listNames(from), undefined, { ...place, bindings });
    return `nullif(${text}, '') AS x${index}`;
  });
  if (mapping.order?.text !== undefined) others.push(`${mapping.order.text} AS ordering`);
  const joins = columns.flatMap(({ position, lookup }) => {
    if (!lookup) return [];
    const join = `LEFT JOIN ${lookup.table} l${position} ON l${position}.code = i${position} AND vday >= l${position}.valid_from AND vday < l${position}.valid_to`;
    return explained
      ? [join, `LEFT JOIN ${lookup.validity} y${position} ON y${position}.code = i${position}`]
      : [join];
  });
  const explanations = columns.flatMap(({ position, lookup }) =>
    explained && lookup
      ? [
          `l${position}.ambiguous AS l${position}_ambiguous, y${position}.entities AS y${position}_entities, y${position}.days AS y${position}_days`,
        ]
      : [],
  );
  const flags = columns.flatMap((column) => column.flags);
  const judged = [
    "dated.*",
    ...columns.map((column) => `${column.result} AS r${column.position}`),
    ...columns.map(
      (column) => `${explained ? column.explainedFault : column.fault} AS f${column.position}`,
    ),
    ...explanations,
    ...(flags.length > 0 ? [`${listFlags(flags)} AS flags`] : []),
  ];
  const sought = columns
    .filter((column) => column.sought)
    .map((column) => `${column.sought} AS i${column.position}`);
  const keyParts = columns
    .filter((column) => column.keyPart)
    .map((column) => `${column.keyPart} AS k${column.position}`);
  const day = columns.find(({ core }) => core === source.valid.from);
  return `WITH read AS (
  SELECT d.file_id, r._line AS line, ${choice === "direct" ? "s.known_to" : "CAST(NULL AS TIMESTAMP)"} AS settled_to, ${[...texts, ...natives, ...others].join(", ")}
  ${fromRaw(mapping, choice)}
), filled AS (
  SELECT *, ${columns.map((column) => `${column.text} AS t${column.position}`).join(", ")} FROM read
), coded AS (
  SELECT *, ${columns.map((column) => `${column.coded} AS m${column.position}`).join(", ")} FROM filled
), suspected AS (
  SELECT ${["*", ...columns.flatMap(({ suspect, position }) => (suspect ? [`${suspect} AS p${position}`] : []))].join(", ")} FROM coded
), hyphenated AS (
  SELECT ${["*", ...columns.flatMap(({ hyphenated, position }) => (hyphenated ? [`${hyphenated} AS q${position}`] : []))].join(", ")} FROM suspected
), typed AS (
  SELECT *, ${[...columns.map((column) => `${column.value} AS v${column.position}`), ...sought].join(", ")} FROM hyphenated
), dated AS (
  SELECT *, ${[`${day ? `CAST(v${day.position} AS DATE)` : "NULL"} AS vday`, ...keyParts].join(", ")} FROM typed
), found AS (
  SELECT ${judged.join(",\n    ")}
  FROM dated ${joins.join("\n  ")}
), judged AS (
  SELECT *, ${held(columns.map(({ position }) => `f${position} IS NULL`).join(" AND "))} AS faultless FROM found
)`;
}

/** SQL of a row's flags, NULL when there are none. The list is only made where there is something in it. */
function listFlags(flags: readonly Flag[]): string {
  const any = flags.map(({ when }) => `(${when})`).join(" OR ");
  const each = flags.map(({ when, text }) => `CASE WHEN ${when} THEN ${text} END`);
  return `CASE WHEN ${any} THEN list_filter([${each.join(", ")}], lambda flag: flag IS NOT NULL) END`;
}

/**
 * SQL of a condition that DuckDB evaluates where it stands. It moves an ordinary filter down to the reading of the
 * file and there repeats every step of the mapping in it, which takes four times as long; it does not move error().
 */
function held(condition: string): string {
  return `CASE WHEN ${condition} THEN true WHEN file_id IS NOT NULL THEN false ELSE error('A row without file.') END`;
}

const CHOICES: Readonly<Record<RowChoice, string>> = {
  all: "",
  held: "SEMI JOIN repeated_row x ON x.file_id = r._file_id AND x.line = r._line AND x.held",
  arriving:
    "SEMI JOIN repeated_row x ON x.file_id = r._file_id AND x.line = r._line AND NOT x.held",
  accepted: "SEMI JOIN accepted_row x ON x.file_id = r._file_id AND x.line = r._line",
  direct: `ANTI JOIN repeated_row x ON x.file_id = r._file_id AND x.line = r._line AND x.held
  LEFT JOIN sighting s ON s.file_id = r._file_id AND s.line = r._line`,
};

function fromRaw({ source, views, place, bindings }: Mapping, choice: RowChoice): string {
  const rows = { ...place, bindings };
  const conditions = [
    ...conditionsOf(source.only, rows, "IN"),
    ...conditionsOf(source.except, rows, "NOT IN"),
  ];
  if (choice === "direct") conditions.push("(s.outcome IS NULL OR s.outcome = 'version')");
  const where = conditions.length > 0 ? `WHERE ${conditions.join(" AND ")}` : "";
  const raw = views.map((view) => `SELECT * FROM ${view}`).join(" UNION ALL BY NAME ");
  const found = place.paths
    ? `, json_extract_string(json, [${place.paths.map(quoteLiteral).join(", ")}]) AS found`
    : "";
  return `FROM (SELECT *${found} FROM (${raw})) r JOIN delivery d ON d.file_id = r._file_id ${CHOICES[choice]} ${where}`;
}
