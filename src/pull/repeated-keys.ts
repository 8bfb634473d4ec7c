import { endOfString } from "../exact-json.ts";

/**
 * Whether an object in a JSON text has the same key twice. Parsers keep one of the values and let the other go in silence, and
 * not all of them the same one.
 * @param value what the text was parsed to; not nested deeper than a call stack is
 */
export function repeatsKey(text: string, value: unknown): boolean {
  const kept = countKept(value);
  // Most texts need not be read string by string: programs put the colon right behind a key, and into few values.
  if (countColons(text) === kept && !/"\s+:/.test(text)) return false;
  return countWritten(text) !== kept;
}

/** Colons right behind a quotation mark. */
function countColons(text: string): number {
  let colons = 0;
  for (let at = text.indexOf(":"); at >= 0; at = text.indexOf(":", at + 1)) {
    if (text.charCodeAt(at - 1) === MARK) colons += 1;
  }
  return colons;
}

const MARK = 0x22;

/** Keys in a JSON text that is sound: strings with a colon behind them. */
function countWritten(text: string): number {
  let keys = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
    at = endOfString(text, at);
    if (isKey(text, at)) keys += 1;
  }
  return keys;
}

function countKept(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let keys = 0;
  if (Array.isArray(value)) {
    for (const one of value) if (typeof one === "object") keys += countKept(one);
    return keys;
  }
  for (const key in value) {
    keys += 1;
    const one = (value as Record<string, unknown>)[key];
    if (typeof one === "object") keys += countKept(one);
  }
  return keys;
}

/** @param at index behind a string */
function isKey(text: string, at: number): boolean {
  let next = at;
  while (text.charCodeAt(next) <= 0x20) next += 1;
  return text[next] === ":";
}

/** Index of the first key that its object has had already; undefined when there is none. */
export function findRepeatedKey(text: string): number | undefined {
  const open: Set<string>[] = [];
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === "{" || char === "[") open.push(new Set());
    else if (char === "}" || char === "]") open.pop();
    else if (char === '"') {
      const end = endOfString(text, at);
      if (isKey(text, end)) {
        const key: string = JSON.parse(text.slice(at, end));
        const keys = open.at(-1);
        if (keys?.has(key)) return at;
        keys?.add(key);
      }
      at = end - 1;
    }
  }
  return undefined;
}
