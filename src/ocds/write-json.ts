import { Digits } from "../exact-json.ts";
import { isObject } from "./json-value.ts";

/** A value of JSON as text, numbers as they were written. */
export function writeJson(value: unknown, indent = ""): string {
  if (value instanceof Digits) return value.text;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    const parts = value.map((each) => `${inner}${writeJson(each, inner)}`);
    return `[\n${parts.join(",\n")}\n${indent}]`;
  }
  if (!isObject(value)) return JSON.stringify(value);
  const entries = Object.entries(value);
  if (entries.length === 0) return "{}";
  const parts = entries.map(
    ([name, each]) => `${inner}${JSON.stringify(name)}: ${writeJson(each, inner)}`,
  );
  return `{\n${parts.join(",\n")}\n${indent}}`;
}

/** What a value says, as text: the same for objects whose fields stand in another order. */
export function writeContent(value: unknown): string {
  if (value instanceof Digits) return String(value.text);
  if (Array.isArray(value)) return `[${value.map(writeContent).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const parts = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, each]) => `${JSON.stringify(name)}:${writeContent(each)}`);
  return `{${parts.join(",")}}`;
}
