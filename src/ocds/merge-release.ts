import { Digits } from "../exact-json.ts";
import { copyObject, isObject, type JsonObject } from "./json-value.ts";
import type { MergeRules } from "./merge-rules.ts";

/**
 * Merges a release into what earlier ones said, as the standard's page "Merging" defines it for compiled releases. Neither is
 * changed; what the result has in common with them is shared.
 * @param rules of the version the release was written by
 */
export function mergeRelease(
  earlier: JsonObject,
  release: JsonObject,
  rules: MergeRules,
): JsonObject {
  return mergeObject(earlier, release, { rules, path: "" });
}

/** Where in a release a value stands, by the names of fields alone: "awards/suppliers". */
interface Place {
  readonly rules: MergeRules;
  readonly path: string;
}

function mergeObject(output: JsonObject | undefined, input: JsonObject, place: Place): JsonObject {
  const merged = copyObject(output);
  for (const [name, value] of Object.entries(input)) {
    const inner = { rules: place.rules, path: place.path === "" ? name : `${place.path}/${name}` };
    if (has(inner, "omitWhenMerged")) continue;
    if (value === null) delete merged[name];
    else if (saysAnything(value, inner)) {
      merged[name] = mergeValue(merged[name], value, inner);
      // Of an object whose last field was deleted nothing is left.
      if (isObject(value) && Object.keys(merged[name] as JsonObject).length === 0)
        delete merged[name];
    }
  }
  return merged;
}

function mergeValue(output: unknown, input: unknown, place: Place): unknown {
  if (isObject(input)) return mergeObject(isObject(output) ? output : undefined, input, place);
  if (Array.isArray(input) && !isTakenWhole(input, place)) return mergeList(output, input, place);
  return input;
}

/** Identifier merge: objects with one id are one object; others follow those that are there. */
function mergeList(output: unknown, input: readonly JsonObject[], place: Place): unknown {
  const merged = Array.isArray(output) && output.every(isObject) ? [...output] : [];
  const places = new Map<string, number>();
  for (const [at, { id }] of merged.entries()) {
    const key = identify(id);
    if (key !== undefined && !places.has(key)) places.set(key, at);
  }
  for (const object of input) {
    const key = identify(object.id) as string;
    const at = places.get(key) ?? merged.length;
    const earlier = merged[at];
    const result = mergeObject(earlier, object, place);
    // The identifier stays as it was first written, 1 or "1".
    merged[at] = earlier ? { ...copyObject(result), id: earlier.id } : result;
    places.set(key, at);
  }
  return merged;
}

/**
 * Whether a list is taken whole in the place of an earlier one: where the schema says so, and where its entries cannot be told
 * from one another.
 */
function isTakenWhole(list: readonly unknown[], place: Place): boolean {
  if (has(place, "wholeListMerge")) return true;
  return !list.every((entry) => isObject(entry) && identify(entry.id) !== undefined);
}

/** An id as text: 1 and "1" are the same. Undefined for what names nothing. */
function identify(id: unknown): string | undefined {
  if (typeof id === "string") return id === "" ? undefined : id;
  if (typeof id === "number" || typeof id === "boolean") return String(id);
  if (!(id instanceof Digits)) return undefined;
  const number = Number(id.text);
  return Number.isSafeInteger(number) ? String(number) : id.text;
}

/**
 * Whether merging a value does anything: an empty object and an empty list that is merged by identifier do nothing, nor does
 * what has nothing else in it. A null that deletes is something.
 */
function saysAnything(value: unknown, place: Place): boolean {
  if (Array.isArray(value)) return value.length > 0 || has(place, "wholeListMerge");
  if (!isObject(value)) return true;
  return Object.entries(value).some(([name, inner]) =>
    saysAnything(inner, { rules: place.rules, path: `${place.path}/${name}` }),
  );
}

function has({ rules, path }: Place, rule: "omitWhenMerged" | "wholeListMerge"): boolean {
  return rules.get(path)?.has(rule) ?? false;
}
