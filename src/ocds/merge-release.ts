import { Digits } from "../exact-json.ts";
import { copyObject, isObject, type JsonObject } from "./json-value.ts";
import type { MergeRules } from "./merge-rules.ts";
import { saysTheSame } from "./says-the-same.ts";

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

/** What is unchanged stays the object it was, so that states tell at a glance what a release has changed. */
function mergeObject(output: JsonObject | undefined, input: JsonObject, place: Place): JsonObject {
  let merged: Record<string, unknown> | undefined = output ? undefined : copyObject();
  const own = () => {
    merged ??= copyObject(output);
    return merged;
  };
  for (const [name, value] of Object.entries(input)) {
    const inner = { rules: place.rules, path: place.path === "" ? name : `${place.path}/${name}` };
    if (has(inner, "omitWhenMerged")) continue;
    const base = merged ?? output;
    const held = base && Object.hasOwn(base, name) ? base[name] : undefined;
    if (value === null) {
      if (held !== undefined) delete own()[name];
    } else if (saysAnything(value, inner)) {
      const result = mergeValue(held, value, inner);
      // Of an object whose last field was deleted nothing is left.
      const isGone = isObject(value) && Object.keys(result as JsonObject).length === 0;
      if (isGone) {
        if (held !== undefined) delete own()[name];
      } else if (result !== held) own()[name] = result;
    }
  }
  return merged ?? (output as JsonObject);
}

function mergeValue(output: unknown, input: unknown, place: Place): unknown {
  if (isObject(input)) return mergeObject(isObject(output) ? output : undefined, input, place);
  if (Array.isArray(input) && !isTakenWhole(input, place)) return mergeList(output, input, place);
  return saysTheSame(output, input) ? output : input;
}

/**
 * Identifier merge: objects with one id are one object; others follow those that are there, as do those without an id, but for one
 * that was said before in the same words.
 */
function mergeList(output: unknown, input: readonly JsonObject[], place: Place): unknown {
  const isList = Array.isArray(output) && output.every(isObject);
  const before: readonly JsonObject[] = isList ? output : [];
  const places = placesOf(before);
  const repeated = new Set<JsonObject>();
  let merged: JsonObject[] | undefined = isList ? undefined : [];
  for (const object of input) {
    const key = identify(object.id);
    const at = (key === undefined ? undefined : places.get(key)) ?? (merged ?? before).length;
    const earlier = (merged ?? before)[at];
    const result = mergeObject(earlier, object, place);
    if (key === undefined) {
      const same = before.find(
        (each) =>
          !repeated.has(each) && identify(each.id) === undefined && saysTheSame(each, result),
      );
      if (same) {
        repeated.add(same);
        continue;
      }
    } else places.set(key, at);
    if (result === earlier) continue;
    merged ??= [...before];
    // The identifier stays as it was first written, 1 or "1".
    merged[at] = earlier ? Object.assign(copyObject(result), { id: earlier.id }) : result;
  }
  const list = merged ?? before;
  if (list.length > FEW) known.set(list, places);
  return list;
}

/** Where in lists that came of merging the entries are, by id. A list mostly goes on from the one before it and takes its places over. */
const known = new WeakMap<readonly JsonObject[], Map<string, number>>();

/** Lists so short are looked through anew. */
const FEW = 16;

function placesOf(list: readonly JsonObject[]): Map<string, number> {
  const held = known.get(list);
  if (held) {
    known.delete(list);
    return held;
  }
  const places = new Map<string, number>();
  for (const [at, { id }] of list.entries()) {
    const key = identify(id);
    if (key !== undefined && !places.has(key)) places.set(key, at);
  }
  return places;
}

/**
 * Whether a list is taken whole in the place of an earlier one: where the schema says so, where it has anything but objects, and where none
 * of its entries has an id, so that nothing tells which is which.
 */
function isTakenWhole(list: readonly unknown[], place: Place): boolean {
  if (has(place, "wholeListMerge") || !list.every(isObject)) return true;
  return list.length > 0 && list.every(({ id }) => identify(id) === undefined);
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
