import { isUtf8 } from "node:buffer";
import { parseRecord } from "./csv-records.ts";
import { sortRows } from "./left-out-rows.ts";
import { type ReadingTask, refuseTooWide } from "./reading.ts";
import { decodeBlock, type TextEncoding } from "./text-encoding.ts";

/** A CSV file in which every record is one physical line and nothing is wrong. */
export interface PlainCsv {
  readonly header: readonly string[];
  readonly records: number;
}

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
// DuckDB reads lines up to 2,000,000 bytes unless told otherwise.
const LONGEST_LINE = 1_000_000;

/**
 * Looks whether a CSV file may be left to DuckDB's own reader: one encoding without a fault, one kind of line end,
 * the same number of fields on every line, no line break or stray quotation mark anywhere, no empty line.
 * @param blocks whole lines; not read further than the first thing that is not so
 * @param take gets the text from the header on as UTF-8, block by block
 * @returns undefined when the file needs the exact reader; or when it is empty
 */
export async function scanCsv(
  blocks: AsyncIterable<Buffer>,
  encoding: TextEncoding,
  { format, bounds }: Pick<ReadingTask, "format" | "bounds">,
  take: (bytes: Buffer) => void,
): Promise<PlainCsv | undefined> {
  const { delimiter, skip } = format;
  const separator = delimiter.charCodeAt(0);
  if (delimiter.length !== 1 || separator > 0x7e || separator === QUOTE) return undefined;
  let toSkip = skip;
  let header: readonly string[] | undefined;
  let crlf = false;
  let lines = 0;
  let mayLeaveOut: (block: Buffer, from: number) => boolean = () => false;
  for await (const block of blocks) {
    let bytes = toUtf8(block, encoding);
    if (!bytes || bytes.includes(0)) return undefined;
    for (; toSkip > 0 && bytes.length > 0; toSkip--) {
      const end = bytes.indexOf(LF);
      bytes = bytes.subarray(end < 0 ? bytes.length : end + 1);
    }
    if (bytes.length === 0) continue;
    if (!header) {
      const end = bytes.indexOf(LF);
      const first = bytes.toString("utf8", 0, end < 0 ? bytes.length : end);
      const fields = parseRecord(first, delimiter);
      if (typeof fields === "string") return undefined;
      refuseTooWide(fields.length, { bounds });
      header = fields;
      const sorter = sortRows(fields, format);
      mayLeaveOut = (block, from) => hasDoubtful(block, from, delimiter, sorter.doubts);
      if (mayLeaveOut(bytes, end < 0 ? bytes.length : end + 1)) return undefined;
      crlf = first.endsWith("\r");
    }
    if (lines > 0 && mayLeaveOut(bytes, 0)) return undefined;
    const counted = countLines(bytes, separator, header.length, crlf);
    if (counted < 0) return undefined;
    lines += counted;
    take(bytes);
  }
  return header && { header, records: lines - 1 };
}

/** Whether a line has only empty cells, or begins with one that may make it no record. */
function hasDoubtful(
  block: Buffer,
  from: number,
  delimiter: string,
  doubts: (first: string) => boolean,
): boolean {
  for (let start = from; start < block.length; ) {
    const found = block.indexOf(LF, start);
    const end = found < 0 ? block.length : found;
    const stop = block.subarray(start, end).indexOf(delimiter);
    const first = block.toString("utf8", start, stop < 0 ? end : start + stop);
    if (first.trim() === "" || first.includes('"')) {
      const fields = parseRecord(block.toString("utf8", start, end), delimiter);
      if (typeof fields === "string") return true;
      const filled = fields.find((one) => one.trim() !== "");
      if (filled === undefined || doubts(filled)) return true;
    } else if (doubts(first.trimEnd())) return true;
    start = end + 1;
  }
  return false;
}

function toUtf8(block: Buffer, encoding: TextEncoding): Buffer | undefined {
  if (encoding === "utf-8") return isUtf8(block) ? block : undefined;
  const text = decodeBlock(block, encoding);
  return text === undefined ? undefined : Buffer.from(text, "utf8");
}

/** Number of lines when each of them is one plain record of so many fields, else -1. */
function countLines(bytes: Buffer, separator: number, width: number, crlf: boolean): number {
  const length = bytes.length;
  let lines = 0;
  let fields = 1;
  let lineStart = 0;
  for (let at = 0; at < length; at++) {
    const byte = bytes[at] as number;
    if (byte === separator) {
      fields += 1;
    } else if (byte === LF) {
      const content = at - lineStart - (crlf ? 1 : 0);
      if (fields !== width || content <= 0 || content > LONGEST_LINE) return -1;
      if ((bytes[at - 1] === CR) !== crlf) return -1;
      lines += 1;
      fields = 1;
      lineStart = at + 1;
    } else if (byte === CR) {
      if (bytes[at + 1] !== LF) return -1;
    } else if (byte === QUOTE) {
      at = endOfQuoted(bytes, at, lineStart, separator);
      if (at < 0) return -1;
    }
  }
  if (lineStart === length) return lines;
  return fields === width && length - lineStart <= LONGEST_LINE ? lines + 1 : -1;
}

/** Index of the closing quotation mark of a field, -1 when the field is not well formed or holds a line break. */
function endOfQuoted(bytes: Buffer, start: number, lineStart: number, separator: number): number {
  if (start !== lineStart && bytes[start - 1] !== separator) return -1;
  for (let at = start + 1; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte === LF || byte === CR) return -1;
    if (byte !== QUOTE) continue;
    const next = bytes[at + 1];
    if (next === QUOTE) at += 1;
    else return next === undefined || next === separator || next === LF || next === CR ? at : -1;
  }
  return -1;
}
