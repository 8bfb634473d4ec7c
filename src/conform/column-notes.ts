import type { Context } from "../context.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { sqlFile } from "../store/sql-file.ts";
import { type FileGroup, groupFiles, type RawFile } from "./raw-files.ts";
import { findColumn } from "./read-column.ts";
import { listWanted } from "./wanted-columns.ts";

const sql = sqlFile(import.meta.dirname, "conform.sql");

/**
 * Writes down which columns of a source's files its definition does not read, by position: they change no figure, but who
 * answers for the source should know of them. Of JSON, whose keys have no place, nothing is noted.
 */
export async function noteColumns(
  context: Context,
  source: SourceDefinition,
  files: readonly RawFile[],
): Promise<void> {
  if (source.format.type === "json" || source.format.type === "ndjson") return;
  const notes = (await groupFiles(context, source, files)).flatMap((group) => {
    const unread = listUnread(source, group);
    return group.files.map(({ file_id }) => ({
      file_id,
      amount: unread.length,
      places: joinPlaces(unread),
    }));
  });
  const parameters = { notes: JSON.stringify(notes) };
  await context.store.run(sql("forget-column-notes"), parameters);
  await context.store.run(sql("note-columns"), parameters);
}

/** Positions, from 1, of the columns that nothing reads. */
function listUnread(source: SourceDefinition, { columns }: FileGroup): number[] {
  const place = { columns, keys: undefined, paths: undefined };
  const read = new Set(
    listWanted(source).flatMap(
      ({ names, matching }) => findColumn(names, matching, place)?.column ?? [],
    ),
  );
  return [...columns.keys()].flatMap((column, index) => (read.has(column) ? [] : [index + 1]));
}

/** Ascending numbers as people list them: "3, 7-9". */
export function joinPlaces(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(", ");
}
