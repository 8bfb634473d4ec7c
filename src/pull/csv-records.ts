import type { LineFault } from "./sentences.ts";
import type { Line, TextEncoding } from "./text-encoding.ts";

/** A record of a CSV file and the physical line it starts on. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

/** A physical line that is no record; the next line is read afresh. */
export interface CsvFault {
  readonly line: number;
  readonly text: string;
  readonly fault: LineFault;
}

// A quotation mark that stays open longer than this is a stray one: the lines after it are records of their own.
const MOST_LINES = 1000;
const MOST_CHARACTERS = 1 << 20;

/**
 * The fields of one record by RFC 4180, each exactly as written (quotation marks removed, doubled ones single).
 * @param text the record without its line end (one carriage return at the end is taken as part of that)
 * @returns "open" when a quoted field has no end yet, "stray" when a quotation mark stands where none may
 */
export function parseRecord(text: string, delimiter: string): string[] | "open" | "stray" {
  const end = text.endsWith("\r") ? text.length - 1 : text.length;
  if (!text.includes('"')) return text.slice(0, end).split(delimiter);
  const fields: string[] = [];
  for (let at = 0; ; at += delimiter.length) {
    if (text[at] === '"') {
      let value = "";
      for (let from = at + 1; ; from = at + 1) {
        at = text.indexOf('"', from);
        if (at < 0) return "open";
        value += text.slice(from, at);
        at += 1;
        if (text[at] !== '"') break;
        value += '"';
      }
      fields.push(value);
      if (at >= end) return fields;
      if (!text.startsWith(delimiter, at)) return "stray";
    } else {
      const found = text.indexOf(delimiter, at);
      const stop = found < 0 ? end : found;
      const value = text.slice(at, stop);
      if (value.includes('"')) return "stray";
      fields.push(value);
      if (found < 0) return fields;
      at = stop;
    }
  }
}

/**
 * Puts physical lines together to records, one line at a time. A line that cannot be part of a record is a fault
 * of its own, and reading goes on with the line after it: nothing good is lost to a stray quotation mark.
 * A record with the wrong number of fields is one fault, however many lines it has. Empty lines are passed over.
 */
export function assembleRecords(delimiter: string, encoding: TextEncoding, headerRows = 1) {
  let held: Line[] = [];
  let text = "";
  let width: number | undefined;
  /** Columns up to the last that has a name: spreadsheets write empty fields behind these, or leave them out. */
  let named = 0;
  let toName = headerRows;

  function judge(line: Line, whole: string, parsed: readonly string[]): CsvRecord | CsvFault {
    width ??= parsed.length;
    if (toName > 0) {
      toName -= 1;
      named = Math.max(named, 1 + parsed.findLastIndex((name) => name.trim() !== ""));
    }
    if (parsed.length < width && parsed.length >= named) {
      return { line: line.number, fields: [...parsed, ...Array(width - parsed.length).fill("")] };
    }
    if (parsed.length > width && parsed.slice(width).every((field) => field.trim() === "")) {
      return { line: line.number, fields: parsed.slice(0, width) };
    }
    if (parsed.length === width) return { line: line.number, fields: parsed };
    const fault = { kind: "field-count", found: parsed.length, expected: width } as const;
    return { line: line.number, text: whole, fault };
  }

  /** Gives up the first line held; the others are to be read again. */
  function giveUp(kind: "open-quote" | "stray-quote"): { fault: CsvFault; again: Line[] } {
    const [first, ...again] = held as [Line, ...Line[]];
    held = [];
    return { fault: { line: first.number, text: first.text, fault: { kind } }, again };
  }

  function read(queue: Line[]): (CsvRecord | CsvFault)[] {
    const outcomes: (CsvRecord | CsvFault)[] = [];
    queue.reverse();
    for (let line = queue.pop(); line; line = queue.pop()) {
      if (!line.readable) {
        const fault = { kind: "bytes", encoding } as const;
        outcomes.push(...drain(), { line: line.number, text: line.text, fault });
        continue;
      }
      if (held.length === 0 && (line.text === "" || line.text === "\r")) continue;
      text = held.length === 0 ? line.text : `${text}\n${line.text}`;
      held.push(line);
      // A record that is open can only end on a line with a quotation mark.
      const parsed =
        held.length > 1 && !line.text.includes('"') ? "open" : parseRecord(text, delimiter);
      if (typeof parsed !== "string") {
        outcomes.push(judge(held[0] as Line, text, parsed));
        held = [];
      } else if (parsed === "stray" || held.length > MOST_LINES || text.length > MOST_CHARACTERS) {
        const { fault, again } = giveUp(
          parsed === "stray" && held.length === 1 ? "stray-quote" : "open-quote",
        );
        outcomes.push(fault);
        queue.push(...again.reverse());
      }
    }
    return outcomes;
  }

  /** What is held when no record can go on. */
  function drain(): (CsvRecord | CsvFault)[] {
    const outcomes: (CsvRecord | CsvFault)[] = [];
    while (held.length > 0) {
      const { fault, again } = giveUp("open-quote");
      outcomes.push(fault, ...read(again));
    }
    return outcomes;
  }

  return { push: (line: Line) => read([line]), end: drain };
}
