import { CsvError, parse } from "csv-parse/sync";
import { sayIssue } from "../standard/issue-words.ts";
import type { Sentence } from "./apply-event.ts";
import { type SubmittedEvent, submittedEvent } from "./submit-event.ts";

/** A line of an event file: the event it holds, or what is wrong with it. */
export type EventLine = { readonly line: number } & (
  | { readonly event: SubmittedEvent }
  | { readonly fault: Sentence }
);

export const EVENT_FORMATS = ["json", "ndjson", "csv"] as const;
export type EventFormat = (typeof EVENT_FORMATS)[number];

const TRUTHS: Readonly<Record<string, boolean>> = {
  true: true,
  "1": true,
  是: true,
  false: false,
  "0": false,
  否: false,
};
const TRUTH_COLUMNS = ["correction_done", "commitment_made", "other_body_checks"];

/**
 * Reads events: one as JSON, one a line as NDJSON, or CSV with the same names as its header. Every line is answered for, in
 * the order of the file; a faulty one does not keep the others from being read. In CSV an empty field says nothing.
 * @throws Error in a sentence when the text cannot be read as that format at all
 */
export function readEvents(text: string, format: EventFormat): EventLine[] {
  const plain = text.replace(/^\uFEFF/, "");
  if (format === "csv") return readCsvEvents(plain);
  if (format === "json") return [readJsonEvent(plain, 1)];
  return plain
    .split("\n")
    .flatMap((line, at) => (line.trim() ? [readJsonEvent(line, at + 1)] : []));
}

function readJsonEvent(text: string, line: number): EventLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return {
      line,
      fault: {
        zh: "不是 JSON；请一行写一个事件。",
        en: "This is no JSON; give one event a line.",
      },
    };
  }
  return checkEvent(value, line);
}

function readCsvEvents(text: string): EventLine[] {
  const { header, rows } = readCsv(text);
  if (header.length === 0) return [];
  return rows.map(({ fields, line }) => {
    if (fields.length !== header.length) {
      return {
        line,
        fault: {
          zh: `该行有 ${fields.length} 个字段，表头有 ${header.length} 个。`,
          en: `The line has ${fields.length} fields, the header ${header.length}.`,
        },
      };
    }
    const said = header.flatMap((name, at) => {
      const field = fields[at] as string;
      return field === "" ? [] : [[name, readField(name, field)]];
    });
    return checkEvent(Object.fromEntries(said), line);
  });
}

function readCsv(text: string) {
  try {
    const records = parse(text.replaceAll("\r\n", "\n"), {
      info: true,
      raw: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
    }) as unknown as { record: string[]; raw: string; info: { lines: number } }[];
    // The parser tells the line on which a record ends; a clerk looks for the one on which it begins.
    const [head, ...rest] = records.map(({ record, raw, info }) => ({
      fields: record,
      line: info.lines - (raw.trim().split("\n").length - 1),
    }));
    return { header: head?.fields ?? [], rows: rest };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new Error(
      `文件不是可读的 CSV。The file cannot be read as CSV: ${error.message}. Nothing of it was taken.`,
    );
  }
}

/** What is not understood stays text, so that the check names it. */
function readField(name: string, field: string): unknown {
  if (TRUTH_COLUMNS.includes(name)) return TRUTHS[field.toLowerCase()] ?? field;
  if (name === "obligation_amount" && /^\d+(\.\d+)?$/.test(field)) return Number(field);
  return field;
}

function checkEvent(value: unknown, line: number): EventLine {
  const read = submittedEvent.safeParse(value);
  if (read.success) return { line, event: read.data };
  const said = (language: "zh" | "en", between: string) =>
    read.error.issues
      .map((issue) =>
        [...issue.path.map(String), sayIssue(issue, value, { names: false })[language]].join(": "),
      )
      .join(between);
  return {
    line,
    fault: { zh: `事件有误：${said("zh", "；")}`, en: `The event is faulty: ${said("en", "; ")}` },
  };
}
