import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { settleFolder } from "../publish/atomic.ts";
import type { Reading } from "../publish/reading.ts";
import { REDUCED, reduceTable } from "../publish/reduce-tables.ts";
import { copyDatabase } from "../store/copy-database.ts";
import { QueryFault } from "./fault.ts";

const PUBLISHED = "published.duckdb";
const WEEK_MS = 7 * 24 * 3_600_000;

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
 * Keeps copies of published databases without outputs that are not for whoever asks, a folder for each file and view; where none
 * is withheld, the published file is its own copy.
 */
export function openVisible({ cache, memory }: VisibleOptions): Visible {
  const made = new Map<string, Promise<string>>();
  const find = async (file: string, left: LeftOut): Promise<string> => {
    const { ino, size, mtimeMs } = statSync(file);
    const named = [file, ino, size, mtimeMs, left.view, JSON.stringify(left.withheld)];
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
    if (file === undefined || left === undefined || left.withheld.length === 0) return files;
    const visible = await find(file, left);
    return files.map((one) => (one === file ? visible : one));
  };
}

async function makeVisible(
  file: string,
  folder: string,
  { withheld, body }: LeftOut,
  memory: string,
): Promise<string> {
  const target = join(folder, PUBLISHED);
  if (existsSync(target)) return target;
  const draft = join(dirname(folder), `.${randomUUID()}`);
  try {
    mkdirSync(draft, { recursive: true, mode: 0o700 });
    const tables = REDUCED.flatMap((name) => {
      const query = reduceTable(name, `whole.main.${name}`, withheld, body);
      return query === undefined ? [] : [{ name, query }];
    });
    if (!(await copyDatabase(file, join(draft, PUBLISHED), () => tables, { memory }))) return file;
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

/** Removes copies made long ago, of files that may not be shown any more: those still asked of are made anew. */
function removeOld(view: string): void {
  for (const name of readdirSync(view)) {
    const folder = join(view, name);
    if (Date.now() - statSync(folder).mtimeMs > WEEK_MS) rmSync(folder, { recursive: true });
  }
}
