import { closeSync, openSync, readSync } from "node:fs";
import { readExactJson } from "../exact-json.ts";
import { isZip, type Member, RefusedArchive, unzipJson } from "../ocds/unzip-json.ts";
import { isDeeper, isObject } from "../standard/walk-record.ts";
import { readBytes } from "../whole-file.ts";
import { parseDocument, readDocument, refuseRepeatedKey } from "./read-json.ts";
import { type ReadingTask, refuseBomb, refuseInflated, refuseTooDeep } from "./reading.ts";
import { repeatsKey } from "./repeated-keys.ts";
import { RefusedFile, refuse, type Sentence } from "./sentences.ts";
import { parseJson } from "./walk-records.ts";

/** A file of an archive that could not be read; the others go on. */
export class LostMember {
  constructor(
    /** As the archive has it. */
    readonly name: string,
    readonly why: Sentence,
  ) {}
}

type DocumentTask = Pick<ReadingTask, "input" | "format" | "bounds"> & {
  /** Numbers are kept digit by digit, as readExactJson gives them. */
  readonly exact?: boolean;
};

/**
 * The documents of a file of releases: the one of a JSON file, that of each line of JSON Lines, gzipped or not, or those of all files in a
 * ZIP archive. A line that cannot be used stands as its text, a file of an archive as LostMember.
 * @throws RefusedFile when the file is too large, damaged, not text of its encoding, neither JSON nor JSON Lines, or has a key twice in an object
 */
export async function readOcdsDocuments(task: DocumentTask): Promise<unknown[]> {
  if (!startsAsZip(task.input)) return parseText(await readDocument(task), task);
  return readArchive(task).flatMap((member): unknown[] => {
    if ("why" in member) return [new LostMember(member.name, member.why)];
    try {
      return parseText(member.text, task);
    } catch (error) {
      if (!(error instanceof RefusedFile)) throw error;
      return [new LostMember(member.name, error.sentence)];
    }
  });
}

function startsAsZip(path: string): boolean {
  const start = new Uint8Array(4);
  const file = openSync(path, "r");
  try {
    readSync(file, start, 0, start.length, 0);
  } finally {
    closeSync(file);
  }
  return isZip(start);
}

function readArchive(task: DocumentTask): Member[] {
  try {
    return unzipJson(readBytes(task.input), (packed, unpacked, before) => {
      refuseBomb(packed, unpacked);
      refuseInflated(before + unpacked, task);
    });
  } catch (error) {
    if (error instanceof RefusedArchive) refuse(error.zh, error.en);
    throw error;
  }
}

function parseText(text: string, task: DocumentTask): unknown[] {
  if (text.trim() === "") return [];
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (lines.length > 1 && isDocument(lines[0] as string)) return parseLines(lines, task);
  try {
    const document = parseDocument(text);
    refuseTooDeep(document, task);
    refuseRepeatedKey(text, document);
    return [task.exact ? readExactJson(text) : document];
  } catch (error) {
    // It may be the first line that is bad.
    if (lines.length > 1 && 2 * lines.filter(isDocument).length > lines.length)
      return parseLines(lines, task);
    throw error;
  }
}

function parseLines(lines: readonly string[], task: DocumentTask): unknown[] {
  return lines.map((line) => {
    // A line that cannot be used is no release, and is set aside as such.
    const document = parseLine(line);
    const sound = !isDeeper(document, task.bounds.depth) && !repeatsKey(line, document);
    return sound ? (task.exact && document !== line ? readExactJson(line) : document) : line;
  });
}

function parseLine(line: string): unknown {
  try {
    return parseJson(line);
  } catch {
    return line;
  }
}

function isDocument(line: string): boolean {
  if (!/^[[{]/.test(line)) return false;
  const value = parseLine(line);
  return isObject(value) || Array.isArray(value);
}
