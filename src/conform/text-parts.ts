import { quoteLiteral } from "../store/sql-file.ts";

/** Begins a raw text of which nothing is left but the parts that are read, each under the name of its core column. */
const PARTS_MARK = "extracted:";

/** SQL of a part as it is written behind the mark; NULL where there is none. */
export function writePart(core: string, part: string): string {
  return `${quoteLiteral(`${core}=`)} || url_encode(${part})`;
}

/** SQL of what stands in place of a text: its parts, as writePart makes them. */
export function joinParts(parts: readonly string[]): string {
  return `${quoteLiteral(PARTS_MARK)} || concat_ws('&', ${parts.join(", ")})`;
}

/**
 * SQL of the part of a text that a pattern's first group matches, or that was left when the rest was taken out; NULL without.
 * DuckDB makes a pattern ready once only when it stands in the statement as a literal.
 */
export function extractPart(text: string, pattern: string, core: string): string {
  const left = `regexp_extract(${text}, '[:&]${core}=([^&]*)', 1)`;
  return `nullif(CASE WHEN starts_with(${text}, ${quoteLiteral(PARTS_MARK)}) THEN TRY(url_decode(${left}))
    ELSE regexp_extract(${text}, ${quoteLiteral(pattern)}, 1) END, '')`;
}
