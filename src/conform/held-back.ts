import { looksPersonal } from "../standard/personal-text.ts";
import { quoteLiteral } from "../store/sql-file.ts";

/** A column whose text a publication shows as it was delivered. */
export interface ShownText {
  /** Nothing is held back any more. */
  readonly all: boolean;
  /** Marks of values that may be shown. */
  readonly marks: readonly string[];
}

/** Begins what stands in place of a text that is held back. */
export const HELD_BACK = "withheld-";
const MARK_DIGITS = 16;

/**
 * SQL of a public text, or of its mark where it looks like somebody's number and nobody has released it.
 * @param text SQL of the text that is looked at
 * @param days SQL of dates of its row
 * @param value SQL of the core value
 * @param digits SQL of the keyed hash that the mark is made of
 * @param released SQL of the marks that are released
 */
export function holdBack({
  text,
  days,
  value,
  digits,
  released,
}: {
  readonly text: string;
  readonly days: readonly string[];
  readonly value: string;
  readonly digits: string;
  readonly released: readonly string[];
}): string {
  const mark = `${quoteLiteral(HELD_BACK)} || left(${digits}, ${MARK_DIGITS})`;
  const list = released.join(", ");
  const held = list ? `CASE WHEN ${mark} IN (${list}) THEN ${value} ELSE ${mark} END` : mark;
  return `CASE WHEN ${looksPersonal(text, days)} THEN ${held} ELSE ${value} END`;
}
