import { Digits } from "../exact-json.ts";
import { isObject } from "./json-value.ts";

/** Whether two values of JSON say the same, in whatever order their fields stand. What they have in common is not looked into. */
export function saysTheSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (one instanceof Digits || other instanceof Digits) {
    return one instanceof Digits && other instanceof Digits && one.text === other.text;
  }
  if (Array.isArray(one)) {
    if (!Array.isArray(other) || one.length !== other.length) return false;
    return one.every((each, at) => saysTheSame(each, other[at]));
  }
  if (!isObject(one) || !isObject(other)) return false;
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every((name) => Object.hasOwn(other, name) && saysTheSame(one[name], other[name]));
}
