import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { settleFolder } from "../publish/atomic.ts";
import { NEW_DATABASE } from "../publish/files.ts";
import {
  addTables,
  areOfToday,
  type Columns,
  columnsOfToday,
  readColumns,
} from "../publish/open-published.ts";
import type { Reading } from "../publish/reading.ts";
import { TABLES } from "../publish/tables.ts";
import { quoteIdentifier, quoteLiteral, sqlFile } from "../store/sql-file.ts";
import { Store } from "../store/store.ts";
import { QueryFault } from "./fault.ts";

const PUBLISHED = "published.duckdb";
const WEEK_MS = 7 * 24 * 3_600_000;

const sql = sqlFile(import.meta.dirname, "visible.sql");

export interface VisibleOptions {
  /** Folder for the copies. */
  readonly cache: string;
  readonly memory: string;
}

/**
 * Files that hold what may be seen of published files, and nothing else.
 * @throws QueryFault where a copy cannot be made
 */
export type Visible = (files: readonly string[], left?: LeftOut) => Promise<readonly string[]>;

/** Outputs that whoever asks may not see though the file holds them, but for one body; `view` names them for the copies' folder. */
export type LeftOut = Pick<Reading, "withheld" | "body" | "view">;

/**
 * Keeps copies of published databases without outputs that are not for whoever asks, and those of older layouts brought up to
 * today's, a folder for each file and view; a file of today of which nothing is withheld is its own copy.
 */
export function openVisible({ cache, memory }: VisibleOptions): Visible {
  const made = new Map<string, Promise<string>>();
  let layout: Promise<string> | undefined;
  const find = async (file: string, left: LeftOut): Promise<string> => {
    const { ino, size, mtimeMs } = statSync(file);
    layout ??= nameLayout();
    const named = [
      file,
      ino,
      size,
      mtimeMs,
      left.view,
      JSON.stringify(left.withheld),
      await layout,
    ];
    const key = createHash("sha256").update(named.join("\n")).digest("hex");
    const known = made.get(key);
    if (known) {
      const place = await known;
      if (existsSync(place)) return place;
      // Another process has taken it away.
      made.delete(key);
    }
    const folder = join(cache, left.view.replace(/[^\w-]/g, "-"), key.slice(0, 32));
    const making = makeVisible(file, folder, left, memory);
    made.set(key, making);
    making.catch(() => made.delete(key));
    return making;
  };
  return async (files, left) => {
    const file = files.find((one) => basename(one) === PUBLISHED);
    if (file === undefined || left === undefined) return files;
    const visible = await find(file, left);
    return files.map((one) => (one === file ? visible : one));
  };
}

/** Names today's layout: a copy made by a program of another is not taken for one of this. */
async function nameLayout(): Promise<string> {
  const columns = [...(await columnsOfToday())].map(([name, own]) => [name, ...own]);
  return createHash("sha256").update(JSON.stringify(columns)).digest("hex");
}

async function makeVisible(
  file: string,
  folder: string,
  left: LeftOut,
  memory: string,
): Promise<string> {
  const target = join(folder, PUBLISHED);
  if (existsSync(target)) return target;
  const draft = join(dirname(folder), `.${randomUUID()}`);
  try {
    const store = await Store.scratch({ memory, threads: 1, spill: join(draft, "spill") });
    try {
      await store.attach(file, "whole");
      const held = await readColumns(store, "whole");
      if (left.withheld.length === 0 && (await areOfToday(held))) return file;
      mkdirSync(draft, { recursive: true, mode: 0o700 });
      await copyVisible(store, held, join(draft, PUBLISHED), left);
    } finally {
      store.close();
    }
    rmSync(join(draft, "spill"), { recursive: true, force: true });
    settleFolder(draft, folder, PUBLISHED);
    removeOld(dirname(folder));
    return target;
  } catch (cause) {
    throw Object.assign(
      new QueryFault({
        kind: "failed",
        zh: "无法准备可供查询的数据：请检查数据文件夹下的 asked 是否可写、磁盘是否已满、已发布的数据库是否完好（zhengxin verify）。",
        en: "What may be asked could not be made ready: see that the folder asked in the data folder can be written, that the disk is not full and that the published database is sound (zhengxin verify).",
      }),
      { cause },
    );
  } finally {
    if (existsSync(draft)) rmSync(draft, { recursive: true, force: true });
  }
}

/** Writes what may be seen of the database attached as `whole`; what is left out was never in the file. */
async function copyVisible(
  store: Store,
  held: Columns,
  target: string,
  left: LeftOut,
): Promise<void> {
  const wholeOf = (name: string) => `whole.main.${quoteIdentifier(name)}`;
  await addTables(store, "visible", { held, tableOf: wholeOf }, left);
  await store.run(sql("attach", { file: quoteLiteral(target), how: NEW_DATABASE }));
  const today = new Set<string>(TABLES.map(({ name }) => name));
  const others = [...held.keys()].filter((name) => !today.has(name));
  for (const name of [...today, ...others]) {
    const table = quoteIdentifier(name);
    const from = today.has(name) ? `visible.${table}` : wholeOf(name);
    await store.run(sql("create", { table, from }));
  }
  await store.run(sql("finish"));
  await store.run(sql("detach"));
}

/** Removes copies made long ago, of files that may not be shown any more: those still asked of are made anew. */
function removeOld(view: string): void {
  for (const name of readdirSync(view)) {
    const folder = join(view, name);
    if (Date.now() - statSync(folder).mtimeMs > WEEK_MS) rmSync(folder, { recursive: true });
  }
}
