import { Digits } from "../exact-json.ts";

/** An object of JSON; it has no prototype, so that a key may have any name. */
export type JsonObject = { readonly [name: string]: unknown };

/** Whether a value is an object of JSON; a number kept digit by digit is none. */
export function isObject(value: unknown): value is JsonObject {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Digits)
  );
}

/** An object of its own with the fields of another, none when there is no other. */
export function copyObject(other?: JsonObject): Record<string, unknown> {
  return Object.assign(Object.create(null), other);
}

/** Whether objects and lists lie within each other in more levels than that. */
export function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}
