import { closeSync, openSync, readSync } from "node:fs";
import { readReleases } from "../ocds/read-releases.ts";
import { isZip, RefusedArchive, unzipJson } from "../ocds/unzip-json.ts";
import { isDeeper, isObject } from "../standard/walk-record.ts";
import { readBytes } from "../whole-file.ts";
import { parseDocument, readDocument, refuseRepeatedKey } from "./read-json.ts";
import {
  collectUnreadable,
  type Reading,
  type ReadingTask,
  refuseBomb,
  refuseInflated,
  refuseTooDeep,
} from "./reading.ts";
import { repeatsKey } from "./repeated-keys.ts";
import { refuse } from "./sentences.ts";
import { hasHalfCharacter, parseJson } from "./walk-records.ts";
import { JSON_QUOTE, openTextTable } from "./write-text.ts";

/**
 * Reads releases of the Open Contracting Data Standard, in any form publishers use, JSON or JSON Lines, or several of these in a ZIP
 * archive: one row per release, as it was delivered, with the `ocid` its record and the `version` its package says; `_line` is its
 * place in the file, from 1.
 * @throws RefusedFile when the file is too large, not text of its encoding, neither JSON nor JSON Lines, or has a key twice in an object
 */
export async function readOcds(task: ReadingTask): Promise<Reading> {
  const table = openTextTable(task, JSON_QUOTE);
  try {
    const unreadable = await readReleaseRows(task, (line, json) => table.add(line, [json]));
    await table.finish(task.store, task.output, ["json"]);
    return { rows: table.rows, unreadable };
  } finally {
    table.close();
  }
}

/**
 * Hands the releases of a file over one by one, as text.
 * @returns what in it is no release
 * @throws as readOcds
 */
export async function readReleaseRows(
  task: ReadingTask,
  add: (line: number, json: string) => void,
): Promise<Reading["unreadable"]> {
  const texts = startsAsZip(task.input) ? readArchive(task) : [await readDocument(task)];
  const unreadable = collectUnreadable();
  const { releases, faults } = readReleases(texts.flatMap((text) => readDocuments(text, task)));
  for (const { kind, place, content } of faults) {
    unreadable.add(place, JSON.stringify(content) ?? "", { kind: "ocds", fault: kind });
  }
  for (const { ocid, version, content, place } of releases) {
    const json = JSON.stringify({ ...content, ocid, version });
    if (!hasHalfCharacter(json)) add(place, json);
    else unreadable.add(place, json, { kind: "json", problem: "half a surrogate pair" });
  }
  return unreadable.lines;
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

function readArchive(task: ReadingTask): string[] {
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

/** The document, or that of every line where the first line is one by itself. */
function readDocuments(text: string, task: ReadingTask): unknown[] {
  if (text.trim() === "") return [];
  const lines = splitDocuments(text);
  if (lines === undefined) {
    const document = parseDocument(text);
    refuseTooDeep(document, task);
    refuseRepeatedKey(text, document);
    return [document];
  }
  return lines.map((line) => {
    // A line that cannot be used is no release, and is set aside as such.
    const document = parseLine(line);
    const sound = !isDeeper(document, task.bounds.depth) && !repeatsKey(line, document);
    return sound ? document : line;
  });
}

function parseLine(line: string): unknown {
  try {
    return parseJson(line);
  } catch {
    return line;
  }
}

/** The lines of a file of JSON Lines; undefined for a document that goes over lines. */
function splitDocuments(text: string): string[] | undefined {
  const lines = text.split("\n").map((line) => line.trim());
  const filled = lines.filter((line) => line !== "");
  if (filled.length < 2) return undefined;
  const first = parseLine(filled[0] as string);
  return isObject(first) || Array.isArray(first) ? filled : undefined;
}
