import { readReleases } from "../ocds/read-releases.ts";
import { LostMember, readOcdsDocuments } from "./ocds-documents.ts";
import { collectUnreadable, type Reading, type ReadingTask } from "./reading.ts";
import { hasHalfCharacter } from "./walk-records.ts";
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
  const unreadable = collectUnreadable();
  const { releases, faults } = readReleases(await readOcdsDocuments(task));
  for (const { kind, place, content } of faults) {
    if (content instanceof LostMember) {
      const { name, why } = content;
      unreadable.add(place, name, { kind: "member", name, why });
    } else unreadable.add(place, JSON.stringify(content) ?? "", { kind: "ocds", fault: kind });
  }
  for (const { ocid, version, content, place } of releases) {
    const json = JSON.stringify({ ...content, ocid, version });
    if (!hasHalfCharacter(json)) add(place, json);
    else unreadable.add(place, json, { kind: "json", problem: "half a surrogate pair" });
  }
  return unreadable.lines;
}
