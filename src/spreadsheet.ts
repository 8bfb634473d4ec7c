// How texts and rows go to spreadsheets: every CSV and every workbook of the program is written by these functions.

/** Excel takes a file of CSV for the local code page without it. */
export const BYTE_ORDER_MARK = "\uFEFF";

/** What a field of CSV or a cell holds. */
export type Field = string | number | bigint | boolean | null;

/** Signs that begin a formula, full width too, behind whatever cannot be seen; tabs and line ends, which move a text into the next cell. */
const FORMULA = /^(?:[\t\n\r]|[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠])/u;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** A text that a spreadsheet would take for a formula, with an apostrophe before it; a number, as -1.5, stays one. */
export function guardFormula(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}

/** A field of CSV by RFC 4180; nothing for null. */
export function csvField(value: Field): string {
  if (value === null) return "";
  const text = guardFormula(String(value));
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A line of CSV with its end. */
export function csvLine(values: readonly Field[]): string {
  return `${values.map(csvField).join(",")}\r\n`;
}

/**
 * CSV with a head: UTF-8 with byte order mark, lines ended by CRLF, numbers unrounded, empty where there is nothing.
 * @param rows by the names of the columns; what else they hold is left out
 */
export function writeCsv<C extends string>(
  columns: readonly C[],
  rows: readonly { readonly [column in C]?: Field | undefined }[],
): string {
  const lines = rows.map((row) => csvLine(columns.map((column) => row[column] ?? null)));
  return `${BYTE_ORDER_MARK}${csvLine(columns)}${lines.join("")}`;
}
