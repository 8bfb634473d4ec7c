import type { SourceDefinition } from "../standard/source-definition.ts";
import { quoteLiteral } from "../store/sql-file.ts";
import type { Bindings } from "./bindings.ts";
import type { CoreColumn } from "./catalogue.ts";
import { type Flag, isDated } from "./column-task.ts";
import type { MappedColumn } from "./map-column.ts";
import {
  CURRENCY,
  convertMoney,
  flagMoney,
  joinRate,
  type Money,
  type MoneyPlace,
  placeMoney,
  readMoneyTexts,
} from "./money.ts";
import { conditionsOf, listNames, type ReadingPlace, readNamed } from "./read-column.ts";

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
  readonly zone: string;
  /** SQL of the exchange rates; absent where there are none. */
  readonly rates: string | undefined;
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

/** Some columns of a mapping, and those with days where a text among them is looked at beside them. */
export function withDays(
  { columns }: Mapping,
  wanted: (column: MappedColumn) => boolean,
): MappedColumn[] {
  const looked = columns.some((column) => column.shown && !column.shown.all && wanted(column));
  return columns.filter((column) => wanted(column) || (looked && isDated(column)));
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
  const money = columns.filter(isMoney);
  const around = moneyPlace(mapping);
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
  const flags = listRowFlags(mapping);
  const result = (column: MappedColumn) =>
    isMoney(column) ? convertMoney(column, around) : column.result;
  const judged = [
    "dated.*",
    ...columns.map((column) => `${result(column)} AS r${column.position}`),
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
  SELECT d.file_id, r._line AS line, ${choice === "direct" ? "s.known_to" : "CAST(NULL AS TIMESTAMP)"} AS settled_to, ${[...texts, ...natives, ...others, ...money.flatMap((column) => readMoneyTexts(column, around))].join(", ")}
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
  SELECT *, ${[`${day ? `CAST(v${day.position} AS DATE)` : "NULL"} AS vday`, ...keyParts, ...money.flatMap((column) => placeMoney(column, around))].join(", ")} FROM typed
), found AS (
  SELECT ${judged.join(",\n    ")}
  FROM dated ${[...joins, ...money.flatMap((column) => joinRate(column, around))].join("\n  ")}
), judged AS (
  SELECT *, ${held(columns.map(({ position }) => `f${position} IS NULL`).join(" AND "))} AS faultless FROM found
)`;
}

/** What may be said of a row, of its columns and of its money. */
export function listRowFlags(mapping: Mapping): Flag[] {
  const around = moneyPlace(mapping);
  return mapping.columns.flatMap((column) => [
    ...column.flags,
    ...(isMoney(column) ? flagMoney(column, around) : []),
  ]);
}

export function isMoney(column: MappedColumn): column is MappedColumn & { readonly money: Money } {
  return column.money !== undefined;
}

/** What money hangs on, as far as it is among the columns. */
export function moneyPlace({ columns, place, bindings, zone, rates }: Mapping): MoneyPlace {
  const stated = columns.find(({ core }) => core === CURRENCY);
  const days = columns.filter(isDated);
  return {
    bindings,
    zone,
    rates,
    currency: place.currency,
    stated: stated && `m${stated.position}`,
    days: new Map(days.map(({ core, position }) => [core, `v${position}`])),
  };
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
export function held(condition: string): string {
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

/** SQL of the raw rows of a mapping's files, as r, that are for this kind and of a choice. */
export function fromRaw({ source, views, place, bindings }: Mapping, choice: RowChoice): string {
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
