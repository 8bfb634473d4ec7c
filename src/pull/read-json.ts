import { isDeeper, isObject, walkRecord } from "../standard/walk-record.ts";
import { collectUnreadable, type Reading, type ReadingTask, refuseTooDeep } from "./reading.ts";
import { collectKeys } from "./record-keys.ts";
import { findRepeatedKey, repeatsKey } from "./repeated-keys.ts";
import { refuse } from "./sentences.ts";
import { openText } from "./text-blocks.ts";
import { decodeBlock, splitLines } from "./text-encoding.ts";
import { hasHalfCharacter, listRecords, parseJson } from "./walk-records.ts";
import { JSON_QUOTE, openTextTable } from "./write-text.ts";

const COLUMNS = ["json"];
const HALF_CHARACTER = { kind: "json", problem: "half a surrogate pair" } as const;
const TWO_KEYS = { kind: "two-keys" } as const;
const REPEATED_KEY = { kind: "repeated-key" } as const;
// One JavaScript string holds about twice as much.
const LONGEST_DOCUMENT = 256 << 20;

/**
 * Reads JSON lines: one row per line, or per innermost element of the arrays that `format.records` names.
 * A line that is no JSON object is set aside; empty lines are passed over.
 */
export async function readNdjson(task: ReadingTask): Promise<Reading> {
  const { encoding, blocks } = await openText(task);
  const names = task.format.records ?? [];
  const table = openTextTable(task, JSON_QUOTE);
  const unreadable = collectUnreadable();
  const keys = collectKeys();
  const take = (number: number, row: unknown, text: string) => {
    const clean = isObject(row) ? keys.read(row) : row;
    if (clean === undefined) unreadable.add(number, text, TWO_KEYS);
    else table.add(number, [clean === row ? text : JSON.stringify(clean)]);
  };
  try {
    let lines = 0;
    for await (const block of blocks) {
      for (const { number, text, readable } of splitLines(block, encoding, lines + 1)) {
        lines = number;
        if (number <= task.format.skip) continue;
        if (!readable) {
          unreadable.add(number, text, { kind: "bytes", encoding });
          continue;
        }
        const trimmed = text.trim();
        if (trimmed === "") continue;
        let record: unknown;
        try {
          record = names.length > 0 ? parseJson(trimmed) : JSON.parse(trimmed);
        } catch (error) {
          unreadable.add(number, text, { kind: "json", problem: describe(error) });
          continue;
        }
        const most = task.bounds.depth;
        if (isDeeper(record, most)) unreadable.add(number, text, { kind: "deep", most });
        else if (!isObject(record)) unreadable.add(number, text, { kind: "no-object" });
        else if (repeatsKey(trimmed, record)) unreadable.add(number, text, REPEATED_KEY);
        else if (/\\ud[89a-f]/i.test(text) && hasHalfCharacter(JSON.stringify(record)))
          unreadable.add(number, text, HALF_CHARACTER);
        else if (names.length === 0) take(number, record, trimmed);
        else for (const row of walkRecord(record, names)) take(number, row, JSON.stringify(row));
      }
    }
    await table.finish(task.store, task.output, COLUMNS);
  } finally {
    table.close();
  }
  return { rows: table.rows, unreadable: unreadable.lines, keys: keys.paths };
}

/**
 * Reads a JSON document; `_line` is the ordinal of the row, from 1.
 * @throws RefusedFile when the document is too large, not text of its encoding, not JSON, or has a key twice in an object
 */
export async function readJson(task: ReadingTask): Promise<Reading> {
  const text = await readDocument(task);
  const table = openTextTable(task, JSON_QUOTE);
  const unreadable = collectUnreadable();
  const keys = collectKeys();
  try {
    if (text.trim() !== "") {
      const document = parseDocument(text);
      refuseTooDeep(document, task);
      refuseRepeatedKey(text, document);
      const { records, inner } = listRecords(document, task.format.records);
      let ordinal = 0;
      for (const record of records) {
        for (const row of walkRecord(record, inner)) {
          ordinal += 1;
          const clean = isObject(row) ? keys.read(row) : row;
          const json = JSON.stringify(clean ?? row);
          if (!isObject(row)) unreadable.add(ordinal, json, { kind: "no-object" });
          else if (clean === undefined) unreadable.add(ordinal, json, TWO_KEYS);
          else if (hasHalfCharacter(json)) unreadable.add(ordinal, json, HALF_CHARACTER);
          else table.add(ordinal, [json]);
        }
      }
    }
    await table.finish(task.store, task.output, COLUMNS);
  } finally {
    table.close();
  }
  return { rows: table.rows, unreadable: unreadable.lines, keys: keys.paths };
}

export async function readDocument(
  task: Pick<ReadingTask, "input" | "format" | "bounds">,
): Promise<string> {
  // Programs write documents on one line.
  const { encoding, blocks } = await openText(task, 2 * LONGEST_DOCUMENT);
  const parts: string[] = [];
  let length = 0;
  let lines = 0;
  for await (const block of blocks) {
    const part = decodeBlock(block, encoding);
    if (part === undefined) {
      const bad = splitLines(block, encoding, lines + 1).find(({ readable }) => !readable);
      refuse(
        `文件第 ${bad?.number ?? lines + 1} 行含有不属于 ${encoding} 编码的字节。请更正文件，或更正来源定义中的 encoding。`,
        `Line ${bad?.number ?? lines + 1} of the file has bytes that are not ${encoding} text. Correct the file, or encoding in the source file.`,
      );
    }
    length += part.length;
    if (length > LONGEST_DOCUMENT) {
      refuse(
        `JSON 文件超过 ${LONGEST_DOCUMENT >> 20} MB。请改用每行一个对象的 NDJSON 报送，它没有大小限制。`,
        `The JSON file is larger than ${LONGEST_DOCUMENT >> 20} MB. Deliver it as NDJSON, one object per line, which has no such limit.`,
      );
    }
    parts.push(part);
    lines += part.split("\n").length - 1;
  }
  return parts.join("");
}

export function parseDocument(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    const problem = describe(error);
    const line = text.slice(0, findFault(text)).split("\n").length;
    return refuse(
      `文件不是有效的 JSON，问题在第 ${line} 行（${problem}）。请更正后重新报送。`,
      `The file is not valid JSON; the problem is on line ${line} (${problem}). Correct it and deliver it again.`,
    );
  }
}

export function refuseRepeatedKey(text: string, document: unknown): void {
  if (!repeatsKey(text, document)) return;
  const line = text.slice(0, findRepeatedKey(text)).split("\n").length;
  refuse(
    `JSON 第 ${line} 行的对象把同一个键写了两次，无法判断该用哪个值。请更正后重新报送。`,
    `An object of the JSON has the same key twice, on line ${line}; which value is meant cannot be told. Correct it and deliver it again.`,
  );
}

/** Where a faulty text stops being the beginning of a JSON document; the parser does not always tell. */
function findFault(text: string): number {
  let sound = 0;
  let broken = text.length + 1;
  while (broken - sound > 1) {
    const middle = (sound + broken) >> 1;
    if (isBroken(text.slice(0, middle))) broken = middle;
    else sound = middle;
  }
  return sound;
}

function isBroken(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    const message = String(error);
    if (/Unexpected end|Unterminated string/.test(message)) return false;
    const position = /position (\d+)/.exec(message)?.[1];
    return position === undefined || Number(position) < text.length;
  }
}

/** The parser's complaint without what it quotes of the text, be it a character. */
function describe(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return COMPLAINTS.find((complaint) => message.startsWith(complaint)) ?? "Unexpected character";
}

const COMPLAINTS = [
  "Unexpected end of JSON input",
  "Unexpected non-whitespace character after JSON",
  "Unterminated string",
  "Unterminated fractional number",
  "Expected property name",
  "Expected double-quoted property name",
  "Expected ',' or '}' after property value",
  "Expected ',' or ']' after array element",
  "Expected ':' after property name",
  "Bad control character in string literal",
  "Bad escaped character",
  "Bad Unicode escape",
  "No number after minus sign",
  "Exponent part is missing a number",
];
