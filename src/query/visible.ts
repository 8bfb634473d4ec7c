import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Reading } from "../publish/reading.ts";
import { REDUCED, reduceTable } from "../publish/reduce-tables.ts";
import { type Columns, copyDatabase, type PartialTable } from "../store/copy-database.ts";
import { quoteLiteral, sqlFile } from "../store/sql-file.ts";
import { QueryFault } from "./fault.ts";

const sql = sqlFile(import.meta.dirname, "visible.sql");

/** Tables with rows that are shown for a time only, and the statement of what is shown of each. */
const OF_RECORDS = {
  dishonesty_record: "dishonesty_record",
  record_event: "record_event",
} as const;
/** Tables that may name a record that is shown no more. */
const NAMING = {
  item: "item",
  contribution_detail: "contribution_detail",
  list_entry: "listed",
  restriction: "listed",
} as const;
/** Columns that say until when a record is shown, and the statement of those that are shown no more. */
const ENDS = [
  { table: "dishonesty_record", column: "publication_ends_on", statement: "gone-records" },
  { table: "item", column: "ended_on", statement: "gone-items" },
] as const;
const PUBLISHED = "published.duckdb";
/** Name of the view of those who may see everything that a file holds. */
const WHOLE = "whole";
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export interface VisibleOptions {
  /** Folder for the copies. */
  readonly cache: string;
  readonly memory: string;
}

/**
 * Files that hold what may be seen of published files on a day, and nothing else.
 * @throws QueryFault where a copy cannot be made
 */
export type Visible = (
  files: readonly string[],
  today: string | undefined,
  left?: LeftOut,
) => Promise<readonly string[]>;

/** Outputs that whoever asks may not see though the file holds them, but for one body; `view` names them for the copies' folder. */
export type LeftOut = Pick<Reading, "withheld" | "body" | "view">;

/**
 * Keeps copies of published databases that neither hold nor name the records whose publication is over, a folder for each
 * file, role and day; where none is over, the published file is its own copy. Copies of days gone by are removed.
 */
export function openVisible({ cache, memory }: VisibleOptions): Visible {
  const made = new Map<string, Promise<string>>();
  const find = (file: string, today: string, left: LeftOut | undefined): Promise<string> => {
    const { ino, size, mtimeMs } = statSync(file);
    const own = left && left.withheld.length > 0 ? left : undefined;
    const view = own ? own.view : WHOLE;
    const named = [file, ino, size, mtimeMs, view, JSON.stringify(own?.withheld)];
    const key = createHash("sha256").update(named.join("\n")).digest("hex");
    const folder = join(cache, view.replace(/[^\w-]/g, "-"), key.slice(0, 32));
    const known = made.get(`${key} ${today}`);
    if (known) return known;
    const making = makeVisible(file, folder, { today, left: own }, memory);
    made.set(`${key} ${today}`, making);
    making.catch(() => made.delete(`${key} ${today}`));
    return making;
  };
  return async (files, today, left) => {
    const file = files.find((one) => basename(one) === PUBLISHED);
    if (file === undefined || today === undefined) return files;
    if (!DAY.test(today)) throw new Error(`"${today}" is no day; write it as 2019-01-10.`);
    const visible = await find(file, today, left);
    return files.map((one) => (one === file ? visible : one));
  };
}

async function makeVisible(
  file: string,
  folder: string,
  { today, left }: { readonly today: string; readonly left: LeftOut | undefined },
  memory: string,
): Promise<string> {
  const target = join(folder, today, PUBLISHED);
  if (existsSync(target)) return target;
  const draft = join(folder, `.${randomUUID()}`);
  try {
    mkdirSync(draft, { recursive: true, mode: 0o700 });
    const choose = (columns: Columns) => chooseShown(columns, today, left);
    if (!(await copyDatabase(file, join(draft, PUBLISHED), choose, { memory }))) return file;
    settle(draft, dirname(target));
    removeEarlier(folder, today);
    return target;
  } catch (cause) {
    throw Object.assign(
      new QueryFault({
        kind: "failed",
        zh: "无法准备当日可查询的数据：请检查数据文件夹下的 asked 是否可写、磁盘是否已满、已发布的数据库是否完好（zhengxin verify）。",
        en: "What may be asked today could not be made ready: see that the folder asked in the data folder can be written, that the disk is not full and that the published database is sound (zhengxin verify).",
      }),
      { cause },
    );
  } finally {
    if (existsSync(draft)) rmSync(draft, { recursive: true, force: true });
  }
}

/**
 * What is shown of the tables of a published file. A month published before there were columns that say until when a record is
 * shown has none that is shown for a time only; a table that has them but not what else a statement reads ends in an error.
 */
function chooseShown(
  columns: Columns,
  day: string,
  left: LeftOut | undefined,
): readonly PartialTable[] {
  const today = quoteLiteral(day);
  const ends = ENDS.filter(({ table, column }) => columns.get(table)?.has(column));
  const gone = ends.map(({ statement }) => sql(statement, { today })).join("\nUNION ");
  const statements = new Map<string, string>([
    ...(ends.some(({ table }) => table === "dishonesty_record") ? Object.entries(OF_RECORDS) : []),
    ...(ends.length > 0 ? Object.entries(NAMING) : []),
  ]);
  const reduced = new Map<string, string>();
  for (const name of REDUCED) {
    const query = reduceTable(name, `whole.main.${name}`, left?.withheld ?? [], left?.body);
    if (query !== undefined) reduced.set(name, query);
  }
  return [...new Set([...statements.keys(), ...reduced.keys()])].map((name) => {
    const query = reduced.get(name);
    const statement = statements.get(name);
    if (statement === undefined) return { name, query: query as string };
    const table = query === undefined ? `whole.main.${name}` : `(${query})`;
    return { name, query: sql(statement, { today, gone, table }) };
  });
}

/** Puts a folder in its place at once; another process that was faster has put the same there. */
function settle(draft: string, place: string): void {
  try {
    renameSync(draft, place);
  } catch (error) {
    if (!existsSync(join(place, PUBLISHED))) throw error;
  }
}

function removeEarlier(folder: string, today: string): void {
  for (const name of readdirSync(folder)) {
    if (DAY.test(name) && name < today)
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}
