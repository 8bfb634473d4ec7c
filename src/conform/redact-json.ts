import { cleanName } from "../standard/column-name.ts";
import { quoteLiteral } from "../store/sql-file.ts";
import { pruneJson } from "./prune-json.ts";
import { isInList, partsOf, type Readings, readsColumn, redactedValue } from "./redact-columns.ts";

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
  const names = [
    ...others.flatMap(({ names, kept }) => names.map((name) => ({ name, kept }))),
    ...[...persons.flatMap((each) => [...each.names]), ...always].map((name) => ({ name })),
  ];
  // Patches only take out: where nothing is read of an object or a list, there is none.
  let json = `json_merge_patch(CAST(${pruneJson("r.json", names)} AS JSON), CAST(${unread} AS JSON))`;
  for (const name of new Set(persons.flatMap(({ names }) => names.map(cleanName)))) {
    const inList = name.includes("[");
    const path = inList ? [name.split(/[.[]/)[0] as string] : [name];
    for (const steps of inList || !name.includes(".") ? [path] : [path, name.split(".")]) {
      const value = (text: string) => (inList ? "''" : redactedValue(name, text, "''", readings));
      json = patchJson(json, steps, value, "true");
    }
  }
  return `, CASE WHEN ${expired} THEN CAST(${maskFaults(json, readings)} AS VARCHAR) ELSE CAST(r.json AS VARCHAR) END AS json`;
}

/**
 * SQL of a JSON object in which texts that are no value of what they are read as, or are held back, are masked, and of texts that
 * are read in part the parts are left.
 */
function maskFaults(json: string, readings: Readings): string {
  const { faults, held, persons, others } = readings;
  let masked = json;
  const inParts = (name: string) => partsOf(name, "''", readings) !== undefined;
  const told = [
    ...faults.map((each) => ({ ...each, value: "'***'", when: `j.${each.at}` })),
    ...held.map((each) => ({ ...each, value: `j.${each.at}`, when: `j.${each.at} IS NOT NULL` })),
  ];
  for (const { names, text, value, when } of told) {
    if (names.some(inParts)) continue;
    if (names.some(isInList)) masked = replaceText(masked, `j.${text}`, value, when);
    for (const name of names.map(cleanName)) {
      if (isInList(name) || persons.some((reading) => readsColumn(reading, name))) continue;
      for (const steps of waysTo(name)) masked = patchJson(masked, steps, () => value, when);
    }
  }
  for (const { names, part, text } of others) {
    for (const name of new Set(names.filter(inParts).map(cleanName))) {
      if (isInList(name) && part !== undefined) {
        const own = `j.${text}`;
        masked = replaceText(masked, own, partsOf(name, own, readings) as string, "true");
      } else if (!persons.some((reading) => readsColumn(reading, name))) {
        const value = (text: string) => partsOf(name, text, readings) as string;
        for (const steps of waysTo(name)) masked = patchJson(masked, steps, value, "j.is_read");
      }
    }
  }
  return masked;
}

/** A key with points in it may be one key, or a path. */
function waysTo(name: string): readonly (readonly string[])[] {
  return name.includes(".") ? [[name], name.split(".")] : [[name]];
}

/**
 * SQL of a JSON object in which another text stands in every place that has a certain one. The row is at fault, or the text looks
 * like somebody's number: what else says the same goes with it.
 */
function replaceText(json: string, text: string, value: string, condition: string): string {
  const blank = "[\\s\\x{3000}\\x{A0}]*";
  const written = `regexp_escape(regexp_replace(CAST(to_json(${text}) AS VARCHAR), '^"|"$', '', 'g'))`;
  const pattern = `'([:,\\[])"?${blank}' || ${written} || '${blank}"?([,\\]}])'`;
  const replace = (from: string) =>
    `regexp_replace(${from}, ${pattern}, '\\1"' || ${value} || '"\\2', 'g')`;
  // Twice, since what stands between two neighbours is taken by the first.
  const replaced = replace(replace(`CAST(${json} AS VARCHAR)`));
  return `CASE WHEN ${condition} AND ${text} <> '' THEN CAST(${replaced} AS JSON) ELSE CAST(${json} AS JSON) END`;
}

/**
 * SQL of a JSON object with another text at a place where there is one.
 * @param value SQL of it, from the SQL of the one that is there
 * @param condition SQL
 */
function patchJson(
  json: string,
  steps: readonly string[],
  value: (text: string) => string,
  condition: string,
): string {
  const path = steps.map((step) => `."${step.replaceAll('"', '\\"')}"`).join("");
  const text = `json_extract_string(r.json, ${quoteLiteral(`$${path}`)})`;
  const open = steps.map((step) => `{${JSON.stringify(step)}:`).join("");
  const patch = `${quoteLiteral(open)} || CAST(to_json(${value(text)}) AS VARCHAR) || ${quoteLiteral("}".repeat(steps.length))}`;
  return `json_merge_patch(${json}, CASE WHEN ${condition} AND ${text} IS NOT NULL THEN CAST(${patch} AS JSON) ELSE CAST('{}' AS JSON) END)`;
}
