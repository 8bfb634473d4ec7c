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
  // A mark nobody can know stands before digits while they are text.
  const mark = `${crypto.getRandomValues(new Uint32Array(4)).join(" ")} `;
  const tagged = text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
    token.startsWith('"') ? token : `"${mark}${token}"`,
  );
  const unmark = (_: string, value: unknown) =>
    typeof value === "string" && value.startsWith(mark)
      ? new Digits(value.slice(mark.length))
      : value;
  const read: Omit<ExactAnswer, "row_count"> & { readonly row_count: Digits } = JSON.parse(
    tagged,
    unmark,
  );
  return { ...read, row_count: Number(read.row_count.text) };
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
