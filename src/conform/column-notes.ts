import type { Context } from "../context.ts";
import { columnKey } from "../standard/column-name.ts";
import type { SourceDefinition } from "../standard/source-definition.ts";
import { sqlFile } from "../store/sql-file.ts";
import { readsRecords } from "./described-by.ts";
import { plainPaths } from "./json-path.ts";
import type { FileGroup } from "./raw-files.ts";
import { findColumn } from "./read-column.ts";
import { listWanted, type WantedColumn } from "./wanted-columns.ts";

const sql = sqlFile(import.meta.dirname, "conform.sql");

interface ColumnNote {
  readonly kind: "unread" | "unfound";
  readonly amount: number;
  readonly places: string;
}

/**
 * Writes down which columns of a source's files its definition does not read, by position: they change no figure, but who
 * answers for the source should know of them. The keys of JSON have no place, so they are counted; and it is noted which core
 * columns have theirs in no record of the source at all, though nothing says that they may.
 */
export async function noteColumns(context: Context, groups: readonly FileGroup[]): Promise<void> {
  for (const group of groups) {
    const json = readsRecords(group.source);
    const found = json ? noteKeys(group.source, group) : notePositions(group.source, group);
    const files = JSON.stringify(group.files.map(({ file_id }) => file_id));
    await context.store.run(sql("forget-column-notes"), { files });
    const notes = JSON.stringify(found.filter(({ amount }) => amount > 0));
    await context.store.run(sql("note-columns"), { files, notes });
  }
}

function notePositions(source: SourceDefinition, group: FileGroup): ColumnNote[] {
  const unread = listUnread(source, group);
  return [{ kind: "unread", amount: unread.length, places: joinPlaces(unread) }];
}

function noteKeys(source: SourceDefinition, group: FileGroup): ColumnNote[] {
  const unfound = listUnfound(source, group);
  return [
    { kind: "unfound", amount: unfound.length, places: unfound.join(", ") },
    { kind: "unread", amount: countUnreadKeys(source, group), places: "" },
  ];
}

/** How many keys stand in the records themselves, not deeper, under which nothing is read. */
function countUnreadKeys(source: SourceDefinition, { keys }: FileGroup): number {
  const paths = listWanted(source).flatMap(({ names }) => names.flatMap(plainPaths));
  const read = new Set(paths.map(firstKey));
  return new Set([...(keys ?? [])].map(firstKey).filter((key) => !read.has(key))).size;
}

function firstKey(path: string): string {
  return columnKey(path.split(".", 1)[0] as string);
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

/** Core columns whose key no record has, and of which the definition does not say that they may be lacking or empty. */
function listUnfound(source: SourceDefinition, { columns, keys }: FileGroup): string[] {
  const place = { columns, keys, paths: [] };
  const wanted = listWanted(source).filter(
    ({ core, optional }) => !optional && source.columns[core]?.may_be_empty !== true,
  );
  const lacks = ({ names, matching }: WantedColumn) =>
    findColumn(names, matching, place) === undefined;
  return [...new Set(wanted.map(({ core }) => core))].filter((core) => {
    const own = wanted.filter((each) => each.core === core);
    // Of several keys of which the first that is filled counts, one will do.
    return source.columns[core]?.first_of ? own.every(lacks) : own.some(lacks);
  });
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
