import type { ColumnMapping } from "../standard/source-definition.ts";
import { sameCurrency } from "./currency-of-row.ts";
import { exactNumber } from "./exact-number.ts";
import {
  conditionsOf,
  emptyToNull,
  findColumn,
  listNames,
  type Origin,
  type ReadingPlace,
  readNamed,
} from "./read-column.ts";

/** SQL that reads what a mapping says, from the raw row. */
export function readOrigin(core: string, mapping: ColumnMapping, place: ReadingPlace): Origin {
  const origin = readCases(mapping, readAlways(core, mapping, place), place);
  const conditions: string[] = [];
  const absent = origin.absent || neverHolds(mapping, place);
  if (mapping.when) {
    conditions.push(holds(mapping.when, place));
  }
  if (mapping.once) {
    const [reached, whole] = [mapping.once.sum, mapping.once.reaches].map((name, index) => {
      const { text } = readNamed([name], undefined, place, index === 0 ? "sum" : "first");
      return exactNumber(text);
    });
    conditions.push(`${reached} >= ${whole}`);
    const { sum, reaches } = mapping.once;
    const comparable = sameCurrency([sum, reaches], place);
    if (comparable !== undefined) conditions.push(comparable);
  }
  if (conditions.length === 0) return origin;
  const condition = conditions.map((each) => `(${each})`).join(" AND ");
  const text = `CASE WHEN ${condition} THEN ${origin.text} END`;
  return { ...origin, text, absent, native: undefined };
}

/** What the first case that holds says, else what the column itself does. */
function readCases({ cases = [] }: ColumnMapping, origin: Origin, place: ReadingPlace): Origin {
  const possible = cases.filter(({ when }) => !neverHolds({ when }, place));
  if (possible.length === 0) return origin;
  const branches = possible.map(
    ({ when, is }) => `WHEN ${holds(when, place)} THEN ${place.bindings.bind(is)}`,
  );
  const text = `CASE ${branches.join(" ")} ELSE ${origin.text} END`;
  return { label: origin.label, text, absent: false };
}

/** SQL of whether one of several ways holds, each with all its conditions. */
function holds(when: NonNullable<ColumnMapping["when"]>, place: ReadingPlace): string {
  const ways = [when].flat().map((way) => conditionsOf(way, place, "IN"));
  return ways.map((way) => `(${way.join(" AND ")})`).join(" OR ");
}

/** Whether a column's condition hangs on columns that these files do not have. */
function neverHolds(
  { when, once }: Pick<ColumnMapping, "when" | "once">,
  place: ReadingPlace,
): boolean {
  const lacks = (name: string) => findColumn([name], undefined, place) === undefined;
  const ways = [when ?? []].flat();
  const closed = ways.every((way) =>
    Object.entries(way).some(([name, values]) => !values.includes("") && lacks(name)),
  );
  return (
    (ways.length > 0 && closed) || (once !== undefined && [once.sum, once.reaches].some(lacks))
  );
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
