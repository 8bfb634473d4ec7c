import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Reading } from "../publish/reading.ts";
import type { Clearance } from "../standard/audience.ts";

/** The databases of a published folder, the single records first; a folder of an earlier program has none of these. */
export function databasesOf(folder: string): string[] {
  return ["records.duckdb", "published.duckdb"]
    .map((name) => join(folder, name))
    .filter((file) => existsSync(file));
}

/**
 * The databases of which somebody may ask. Single records are for staff: those of the internal edition for its offices, else those
 * beside the public edition, and none of a month without editions, where they hold what is for the offices.
 */
export function databasesFor(reading: Reading, { audience, body }: Clearance): string[] {
  const published = databasesOf(reading.folder).filter((file) => file.endsWith("published.duckdb"));
  if (audience === "public" || body !== null) return published;
  const isWhole = reading.withheld.length > 0;
  const places = [reading.folder, reading.run].map((folder) => join(folder, "records.duckdb"));
  const records = isWhole ? undefined : places.find((file) => existsSync(file));
  return records === undefined ? published : [records, ...published];
}
