import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";

export const ASEM = join(import.meta.dirname, "..", "fixtures", "conformance", "asem");

/** Rows of a file of the fixture, as text by column. */
export function readRows(name: string): Record<string, string>[] {
  return parse(readFileSync(join(ASEM, name), "utf8"), { columns: true });
}

/** A number of a file; empty: missing. */
export function toNumber(text: string | undefined): number {
  return text === undefined || text === "" || text === "NA" ? Number.NaN : Number(text);
}

/** Largest relative difference of two numbers: 0 where both are missing, infinite where one is. */
export function difference(found: number, expected: number): number {
  if (Number.isNaN(found) && Number.isNaN(expected)) return 0;
  const distance = Math.abs(found - expected) / Math.max(Math.abs(expected), 1e-300);
  return found === expected ? 0 : Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance;
}
