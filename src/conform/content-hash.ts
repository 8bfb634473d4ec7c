import { quoteIdentifier } from "../store/sql-file.ts";
import type { CoreColumn } from "./catalogue.ts";

/**
 * SQL of a number that two rows share when they say the same, and else do not: MD5 of everything they say, as text.
 * DuckDB's own hash() will not do: of texts that differ in the eighth and sixteenth byte, as order numbers do,
 * it gives many the same number, and a correction would be taken for a repetition.
 */
export function hashContent(catalogue: readonly CoreColumn[]): string {
  const values = catalogue.map(({ name, type }) => {
    const value = quoteIdentifier(name);
    // A number is written ten times as fast as a time.
    return type === "TIMESTAMP" ? `epoch_us(${value})` : value;
  });
  const texts = ["valid_from", "valid_to", "flags", ...values].map(
    (value) => `coalesce(CAST(${value} AS VARCHAR), chr(30))`,
  );
  return `md5_number(concat_ws(chr(31), ${texts.join(", ")}))`;
}

/**
 * SQL of a number that stands for a record key where a rare accident does no harm. Two hashes of shifted texts:
 * what the one cannot tell apart the other does.
 */
export function hashKey(key: string): string {
  return `hash(${key}, substr(${key}, 2))`;
}
