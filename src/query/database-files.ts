import { existsSync } from "node:fs";
import { join } from "node:path";

/** The databases of a published folder, the single records first; a folder of an earlier program has none of these. */
export function databasesOf(folder: string): string[] {
  return ["records.duckdb", "published.duckdb"]
    .map((name) => join(folder, name))
    .filter((file) => existsSync(file));
}
