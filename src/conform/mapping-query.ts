import { quoteIdentifier } from "../store/sql-file.ts";
import type { Bindings } from "./bindings.ts";
import { hashContent, hashKey } from "./content-hash.ts";
import {
  fromRaw,
  held,
  isMoney,
  judgedRows,
  listRowFlags,
  type Mapping,
  moneyPlace,
  type RowChoice,
  withDays,
} from "./judged-rows.ts";
import { KNOWN_FROM } from "./known-from.ts";
import type { MappedColumn } from "./map-column.ts";
import { stateMoney } from "./money.ts";
import { isPseudonym } from "./pseudonym.ts";
import { originNames } from "./read-column.ts";

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
  const around = moneyPlace(mapping);
  const stated = new Map(
    columns.filter(isMoney).flatMap((column) => [...stateMoney(column, around)]),
  );
  const content = catalogue.map((column) => {
    const value = mapped.has(column.name) ? result(column.name) : stated.get(column.name);
    const fallback = column.fallback ?? `CAST(NULL AS ${column.type})`;
    const sql = value && !column.nullable ? `coalesce(${value}, ${fallback})` : (value ?? fallback);
    return { name: quoteIdentifier(column.name), sql };
  });
  const flags = listRowFlags(mapping);
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
