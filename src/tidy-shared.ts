import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { TOGETHER } from "./pull/take-files.ts";
import { sqlFile } from "./store/sql-file.ts";
import type { Store } from "./store/store.ts";

const sql = sqlFile(import.meta.dirname, "tidy.sql");

/** A Parquet file that small files shared and that none is read from any more. */
export interface LooseFile {
  /** Relative to the jurisdiction's data folder. */
  readonly file: string;
  readonly bytes: number;
}

/**
 * The shared Parquet files that nothing refers to: their files have been read again into others.
 * @param dataDir folder of the jurisdiction
 */
export async function listLoose(store: Store, dataDir: string): Promise<LooseFile[]> {
  const raw = join(dataDir, "raw");
  if (!existsSync(raw)) return [];
  const rows = await store.rows<{ path: string }>(sql("parquet-paths"));
  const used = new Set(rows.map(({ path }) => path));
  return readdirSync(raw, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name: source }) =>
      readdirSync(join(raw, source))
        .filter((name) => name.startsWith(TOGETHER) && name.endsWith(".parquet"))
        .map((name) => `raw/${source}/${name}`),
    )
    .filter((file) => !used.has(file))
    .sort()
    .map((file) => ({ file, bytes: statSync(join(dataDir, file)).size }));
}

/** Takes them away. */
export function tidyLoose(dataDir: string, files: readonly LooseFile[]): void {
  for (const { file } of files) rmSync(join(dataDir, file), { force: true });
}
