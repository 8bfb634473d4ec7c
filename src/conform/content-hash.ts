import { quoteIdentifier } from "../store/sql-file.ts";
import type { CoreColumn } from "./catalogue.ts";

/** What the lowest bits of a content's number hold: its flags, which are remarks of ours and nothing the row says. */
const FLAGS = 4294967296;

/**
 * SQL of a number that two rows share when they say the same and carry the same flags: 96 bits of the MD5 of everything
 * they say, as text, and 32 of their flags. DuckDB's own hash() will not do: of texts that differ in the eighth and
 * sixteenth byte, as order numbers do, it gives many the same number, and a correction would be taken for a repetition.
 */
export function hashContent(catalogue: readonly CoreColumn[]): string {
  const values = catalogue.map(({ name, type }) => {
    const value = quoteIdentifier(name);
    // A number is written ten times as fast as a time.
    return type === "TIMESTAMP" ? `epoch_us(${value})` : value;
  });
  const texts = ["valid_from", "valid_to", ...values].map(
    (value) => `coalesce(CAST(${value} AS VARCHAR), chr(30))`,
  );
  const said = `md5_number(concat_ws(chr(31), ${texts.join(", ")}))`;
  const flags = `CASE WHEN flags IS NULL THEN 0 ELSE md5_number(CAST(flags AS VARCHAR)) % ${FLAGS} END`;
  return `${said} // ${FLAGS} * ${FLAGS} + ${flags}`;
}

/** SQL of what such a number says of the content alone: two rows that differ in nothing but their flags do not contradict each other. */
export function contentOf(hash: string): string {
  return `(${hash} // ${FLAGS})`;
}

/**
 * SQL of a number that stands for a record key where a rare accident does no harm. Two hashes of shifted texts:
 * what the one cannot tell apart the other does.
 */
export function hashKey(key: string): string {
  return `hash(${key}, substr(${key}, 2))`;
}
