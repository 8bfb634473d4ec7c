import { MARK, MARK_COLUMN } from "../city.ts";
import { encodeGb18030 } from "./gb18030.ts";

export type Cell = string | number | null;

/** CSV text with a heading line; the last column says that the data is synthetic. */
export function writeCsv(columns: readonly string[], rows: Iterable<readonly Cell[]>): string {
  const lines = [[...columns, MARK_COLUMN].join(",")];
  for (const row of rows) lines.push(`${csvLine(row)},${MARK}`);
  return `${lines.join("\n")}\n`;
}

/** One line, without its end; fields are quoted only where they must be. */
export function csvLine(row: readonly Cell[]): string {
  return row.map((cell) => quote(cell === null ? "" : String(cell))).join(",");
}

function quote(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The encodings in which the city's offices send text. */
export function encodeText(
  text: string,
  encoding: "utf-8" | "utf-8-bom" | "utf-16" | "gb18030",
): Uint8Array {
  if (encoding === "gb18030") return encodeGb18030(text);
  if (encoding === "utf-16") return new Uint8Array(Buffer.from(`\ufeff${text}`, "utf16le"));
  return new TextEncoder().encode(encoding === "utf-8-bom" ? `\ufeff${text}` : text);
}
