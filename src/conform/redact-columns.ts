import { cleanName, columnKey } from "../standard/column-name.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { quoteIdentifier, quoteLiteral } from "../store/sql-file.ts";
import type { Mapping } from "./mapping-query.ts";
import { PSEUDONYM_MARK } from "./pseudonym.ts";
import { conditionsOf, listNames, originNames } from "./read-column.ts";

/** Something the definition reads from a column of the source, and the rows in which it does: SQL over the raw row. */
interface Reading {
  readonly names: readonly string[];
  readonly matching: RegExp | undefined;
  readonly condition: string;
}

/** What the definition reads of each column, apart from persons. */
interface Readings {
  /** Decide which rows are for this kind and when they became known: kept in all rows. */
  readonly always: ReadonlySet<string>;
  readonly others: readonly Reading[];
  /** Columns about persons: with the name of their pseudonym in redaction_row, or without one for those only kept apart. */
  readonly persons: readonly (Omit<Reading, "condition"> & {
    readonly pseudonym: string | undefined;
  })[];
}

/** Sorts out what a mapping reads; `pseudonymAt` names the column of redaction_row that holds a person's pseudonym. */
export function listReadings(
  { source, place, bindings }: Mapping,
  pseudonymAt: (core: string) => string,
): Readings {
  const { columns, restricted = [], only, except, known_at } = source;
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
    others: [
      { names: [...always, ...deciding], matching: undefined, condition: "true" },
      ...mappings
        .filter(([, { person }]) => !person)
        .map(([, mapping]) => ({
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
function readsColumn({ names, matching }: Omit<Reading, "condition">, column: string): boolean {
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
function redactedValue(
  name: string,
  value: string,
  empty: string,
  { always, others, persons }: Readings,
): string {
  const reads = (reading: Omit<Reading, "condition">) => readsColumn(reading, name);
  const tokens = persons
    .filter(reads)
    .flatMap(({ pseudonym }) => (pseudonym === undefined ? [] : [pseudonym]))
    .map((at) => `WHEN j.${at} IS NOT NULL THEN ${quoteLiteral(PSEUDONYM_MARK)} || j.${at}`);
  const conditions = others.filter(reads).map(({ condition }) => `(${condition})`);
  const kept = conditions.length > 0 ? [`WHEN ${conditions.join(" OR ")} THEN ${value}`] : [];
  const unread = readsColumn({ names: [...always], matching: undefined }, name) ? value : empty;
  return `CASE WHEN NOT j.is_read THEN ${unread} ${[...tokens, ...kept].join(" ")} ELSE ${empty} END`;
}

/** SQL of the columns of a redacted table, each after a comma; numbers give way to text where a pseudonym takes their place. */
export function redactTable(
  columns: ReadonlyMap<string, string>,
  readings: Readings | undefined,
  expired: string,
): string {
  return [...columns]
    .map(([name, type], index) => {
      const column = quoteIdentifier(name);
      const aboutPerson = readings?.persons.some((reading) => readsColumn(reading, name));
      const isText = type === "VARCHAR" || aboutPerson;
      const value = isText && type !== "VARCHAR" ? `CAST(r.${column} AS VARCHAR)` : `r.${column}`;
      const empty = isText ? "''" : "NULL";
      const redacted = readings ? redactedValue(name, value, empty, readings) : empty;
      return `, CASE WHEN ${expired} THEN ${redacted} ELSE ${value} END AS ${
        // Of a file nothing could be read from, the header may be somebody's data too.
        readings ? column : quoteIdentifier(`#${index + 1}`)
      }`;
    })
    .join("");
}

/**
 * SQL of a redacted JSON object, after a comma. Keys nothing reads are taken out; a person inside a list goes with the
 * whole list, which cannot be addressed.
 */
export function redactJson(readings: Readings | undefined, expired: string): string {
  if (!readings) return `, CASE WHEN ${expired} THEN '{}' ELSE r.json END AS json`;
  const { always, others, persons } = readings;
  const keysOf = (names: readonly string[]) =>
    names.map(cleanName).flatMap((name) => [name, name.split(/[.[]/)[0] as string]);
  const named = [...others, ...persons].flatMap(({ names }) => keysOf(names));
  const listOf = (keys: Iterable<string>) => `[${[...new Set(keys)].map(quoteLiteral).join(", ")}]`;
  const kept = `CASE WHEN j.is_read THEN ${listOf(named)} ELSE ${listOf(keysOf([...always]))} END`;
  const unread = `'{' || array_to_string(list_transform(list_filter(json_keys(r.json), lambda k: NOT list_contains(${kept}, k)), lambda k: CAST(to_json(k) AS VARCHAR) || ':null'), ',') || '}'`;
  let json = `json_merge_patch(CAST(r.json AS JSON), CAST(${unread} AS JSON))`;
  for (const name of new Set(persons.flatMap(({ names }) => names.map(cleanName)))) {
    const inList = name.includes("[");
    const path = inList ? [name.split(/[.[]/)[0] as string] : [name];
    for (const steps of inList || !name.includes(".") ? [path] : [path, name.split(".")]) {
      const place = quoteLiteral(
        `$${steps.map((step) => `."${step.replaceAll('"', '\\"')}"`).join("")}`,
      );
      const text = `json_extract_string(r.json, ${place})`;
      const value = inList ? "''" : redactedValue(name, text, "''", readings);
      const open = steps.map((step) => `{${JSON.stringify(step)}:`).join("");
      const patch = `${quoteLiteral(open)} || CAST(to_json(${value}) AS VARCHAR) || ${quoteLiteral("}".repeat(steps.length))}`;
      json = `json_merge_patch(${json}, CASE WHEN ${text} IS NOT NULL THEN CAST(${patch} AS JSON) ELSE CAST('{}' AS JSON) END)`;
    }
  }
  return `, CASE WHEN ${expired} THEN CAST(${json} AS VARCHAR) ELSE CAST(r.json AS VARCHAR) END AS json`;
}

/** Whether two definitions redact alike: what their hash is made of. */
export function redactionRule({
  columns,
  restricted,
  only,
  except,
  known_at,
  retention_months,
}: SourceDefinition): string {
  return JSON.stringify([columns, restricted, only, except, known_at, retention_months]);
}
