export type JsonObject = { readonly [name: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether lists and objects lie within each other in more levels than that. */
export function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  const inner = Array.isArray(value) ? value : Object.values(value);
  return inner.some((each) => typeof each === "object" && isDeeper(each, levels - 1));
}

/**
 * Walks into arrays inside a record: one row per innermost element, in order. An element stands under the name of its
 * array, beside the fields of everything around it: { ocid, contracts: { dateSigned } }. A record without elements
 * gives no row; an object where an array is expected counts as its only element.
 */
export function* walkRecord(record: unknown, names: readonly string[]): Generator<unknown> {
  if (names.length === 0 || !isObject(record)) yield record;
  else yield* walkInto(record, record, names);
}

function* walkInto(
  row: JsonObject,
  holder: JsonObject,
  names: readonly string[],
): Generator<unknown> {
  const [name, ...rest] = names as [string, ...string[]];
  const found = holder[name];
  const elements = Array.isArray(found) ? found : isObject(found) ? [found] : [];
  const { [name]: _, ...others } = row;
  for (const element of elements) {
    const next = rest[0];
    if (next === undefined || !isObject(element)) {
      yield { ...others, [name]: element };
    } else {
      const { [next]: __, ...fields } = element;
      yield* walkInto({ ...others, [name]: fields }, element, rest);
    }
  }
}
