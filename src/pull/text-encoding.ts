import { isUtf8 } from "node:buffer";

export type TextEncoding = "utf-8" | "gb18030" | "utf-16le" | "utf-16be";

/** Where in a two-byte unit the low and the high byte stand. */
export const UTF16: Record<TextEncoding, { low: number; high: number } | undefined> = {
  "utf-8": undefined,
  gb18030: undefined,
  "utf-16le": { low: 0, high: 1 },
  "utf-16be": { low: 1, high: 0 },
};

/** A physical line without its line feed (a carriage return before it stays). */
export interface Line {
  readonly number: number;
  readonly text: string;
  /** False when the bytes do not belong to the encoding; the text then shows what could be read. */
  readonly readable: boolean;
}

const strict = decoders(true);
const lenient = decoders(false);

/** The text of a block, or undefined when some of its bytes do not belong to the encoding. */
export function decodeBlock(block: Buffer, encoding: TextEncoding): string | undefined {
  if (encoding === "utf-8") return isUtf8(block) ? block.toString("utf8") : undefined;
  try {
    return strict[encoding].decode(block);
  } catch {
    return undefined;
  }
}

/**
 * The lines of a block of whole lines. Text with a NUL character counts as not readable: no text has one.
 * @param first number of the block's first line
 */
export function splitLines(block: Buffer, encoding: TextEncoding, first: number): Line[] {
  const text = decodeBlock(block, encoding);
  const lines =
    text === undefined
      ? cutLines(block, encoding).map((bytes) => decodeLine(bytes, encoding))
      : text.split("\n").map((line) => ({ text: line, readable: !line.includes("\0") }));
  if (lines.at(-1)?.text === "") lines.pop();
  return lines.map((line, index) => ({ number: first + index, ...line }));
}

function decodeLine(bytes: Buffer, encoding: TextEncoding): Omit<Line, "number"> {
  const text = decodeBlock(bytes, encoding);
  if (text === undefined) return { text: lenient[encoding].decode(bytes), readable: false };
  return { text, readable: !text.includes("\0") };
}

function cutLines(block: Buffer, encoding: TextEncoding): Buffer[] {
  const utf16 = UTF16[encoding];
  const lines: Buffer[] = [];
  let start = 0;
  if (utf16) {
    for (let at = 0; at + 1 < block.length; at += 2) {
      if (block[at + utf16.low] !== 0x0a || block[at + utf16.high] !== 0) continue;
      lines.push(block.subarray(start, at));
      start = at + 2;
    }
  } else {
    for (let at = block.indexOf(0x0a); at >= 0; at = block.indexOf(0x0a, start)) {
      lines.push(block.subarray(start, at));
      start = at + 1;
    }
  }
  lines.push(block.subarray(start));
  return lines;
}

function decoders(fatal: boolean): Record<TextEncoding, InstanceType<typeof TextDecoder>> {
  const make = (label: string) => new TextDecoder(label, { fatal, ignoreBOM: true });
  return {
    "utf-8": make("utf-8"),
    gb18030: make("gb18030"),
    "utf-16le": make("utf-16le"),
    "utf-16be": make("utf-16be"),
  };
}
