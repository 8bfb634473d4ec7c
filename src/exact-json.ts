/** A number as it stood in JSON, digit by digit. */
export class Digits {
  constructor(readonly text: string) {}
}

export type ExactJson =
  | string
  | boolean
  | null
  | Digits
  | readonly ExactJson[]
  | { readonly [key: string]: ExactJson };

/** An answer of `POST /api/sql` as JSON, with its numbers to the last digit. */
export interface ExactAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly ExactJson[])[];
  readonly row_count: number;
  readonly truncated: boolean;
}

/**
 * Reads an answer without rounding a number, which JSON.parse does from the seventeenth digit on, and without dropping a zero
 * at its end.
 * @throws SyntaxError
 */
export function readExactAnswer(text: string): ExactAnswer {
  const mark = makeMark();
  const tagged = text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
    token.startsWith('"') ? token : `"${mark}${token}"`,
  );
  const read: Omit<ExactAnswer, "row_count"> & { readonly row_count: Digits } = JSON.parse(
    tagged,
    unmark(mark),
  );
  return { ...read, row_count: Number(read.row_count.text) };
}

/** A mark nobody can know, which stands before digits while they are text. */
function makeMark(): string {
  return `${crypto.getRandomValues(new Uint32Array(4)).join(" ")} `;
}

function unmark(mark: string) {
  return (_: string, value: unknown) =>
    typeof value === "string" && value.startsWith(mark)
      ? new Digits(value.slice(mark.length))
      : value;
}

/**
 * Parses JSON as JSON.parse does, but for numbers that a JavaScript number may not hold, which become Digits.
 * @throws SyntaxError
 */
export function readExactJson(text: string): unknown {
  const plain: unknown = JSON.parse(text);
  if (!hasLongNumbers(text)) return plain;
  const mark = makeMark();
  return JSON.parse(quoteLongNumbers(text, mark), unmark(mark));
}

/** Whether a JSON text may have numbers that a JavaScript number does not hold. */
export function hasLongNumbers(text: string): boolean {
  return /[[:,\s]-?[\d.]{15}[\d.eE+-]|\d[eE][+-]?\d{3}/.test(text);
}

/**
 * Puts quotation marks around the long numbers of a JSON text, and a mark behind the first of them. Strings of any length are passed
 * over without a pattern.
 */
export function quoteLongNumbers(text: string, mark = ""): string {
  const parts: string[] = [];
  let taken = 0;
  for (let at = 0; at < text.length; ) {
    const found = text.indexOf('"', at);
    const open = found < 0 ? text.length : found;
    if (open - at >= SHORTEST) {
      for (const { 0: number, index } of text.slice(at, open).matchAll(/-?\d[\d.eE+-]{4,}/g)) {
        if (number.length < LONG && !/[eE][+-]?\d{3}/.test(number)) continue;
        parts.push(text.slice(taken, at + index), `"${mark}${number}"`);
        taken = at + index + number.length;
      }
    }
    at = endOfString(text, open);
  }
  return parts.join("") + text.slice(taken);
}

/** Characters of a number that a JavaScript number may not hold. */
const LONG = 16;
/** Of one with an exponent of three digits: 1e400. */
const SHORTEST = 5;

/** Index behind the quotation mark that ends the string which begins at one. */
export function endOfString(text: string, open: number): number {
  for (let at = text.indexOf('"', open + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = at;
    while (text[escapes - 1] === "\\") escapes -= 1;
    if ((at - escapes) % 2 === 0) return at + 1;
  }
  return text.length;
}

/** A value as text: a text as it is, a number by its digits, lists and objects as JSON. */
export function showExact(value: ExactJson): string {
  if (value === null) return "null";
  return typeof value === "string" ? value : writeExact(value);
}

function writeExact(value: ExactJson): string {
  if (value instanceof Digits) return value.text;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(writeExact).join(",")}]`;
  const parts = Object.entries(value).map(
    ([name, part]) => `${JSON.stringify(name)}:${writeExact(part)}`,
  );
  return `{${parts.join(",")}}`;
}
