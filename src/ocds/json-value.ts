import { Digits } from "../exact-json.ts";
import { isObject as isAnyObject, type JsonObject } from "../standard/walk-record.ts";

export type { JsonObject };

/** Whether a value is an object of JSON; a number kept digit by digit is none. */
export function isObject(value: unknown): value is JsonObject {
  return isAnyObject(value) && !(value instanceof Digits);
}

/** Whether an identifier says anything. */
export function isName(id: unknown): boolean {
  return id !== undefined && id !== null && id !== "";
}

/** An object of its own with the fields of another, none when there is no other; without a prototype, so that a key may have any name. */
export function copyObject(other?: JsonObject): Record<string, unknown> {
  return Object.assign(Object.create(null), other);
}
