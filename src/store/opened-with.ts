import { existsSync, rmSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { OpeningError } from "./opening-error.ts";

/** What a database is opened with; what does not fit its memory is put aside in the folder for spilling. */
export function openedWith(
  { memory, threads }: { readonly memory: string; readonly threads: number },
  spill: string,
): Record<string, string> {
  return {
    memory_limit: memory,
    threads: String(threads),
    temp_directory: spill,
    preserve_insertion_order: "true",
    autoinstall_known_extensions: "false",
  };
}

/**
 * Opens a database. One that was not there and cannot be made leaves nothing behind, which would be taken for damage.
 * @throws OpeningError when the file is locked, damaged or no database
 */
export async function openInstance(
  path: string,
  settings: Record<string, string>,
): Promise<DuckDBInstance> {
  const isNew = !existsSync(path);
  try {
    return await DuckDBInstance.create(path, settings);
  } catch (error) {
    if (isNew) for (const file of [path, `${path}.wal`]) rmSync(file, { force: true });
    throw new OpeningError(path, String(error));
  }
}
