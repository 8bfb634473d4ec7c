import { quoteLiteral } from "../store/sql-file.ts";
import { HELD_BACK } from "./held-back.ts";
import { judgedRows, type Mapping, withDays } from "./judged-rows.ts";
import type { KNOWN_FROM } from "./known-from.ts";
import { isCoded, isPart } from "./told-of-rows.ts";

/** SQL of the pseudonyms of the persons in every row, and when it became known: line, r<position> each, known. */
export function pseudonymsQuery(mapping: Mapping, known: typeof KNOWN_FROM): string {
  const columns = mapping.columns.filter((each) => each.mapping.person || each.core === known);
  const at = columns.find(({ core }) => core === known)?.position;
  const persons = columns.filter(({ core }) => core !== known);
  return `${judgedRows({ ...mapping, columns }, false, "all")}
SELECT line, r${at} AS known${persons.map(({ position }) => `, r${position}`).join("")} FROM judged`;
}

/**
 * SQL of what redaction needs to know of every row: line, r<position> of the persons in it, known, h<position>, the mark that
 * stands for a text held back, s<position>, the text of a column, and t<position> and m<position>, what is extracted of it and its code.
 * @param texts positions of the columns whose text is needed
 */
export function redactionQuery(mapping: Mapping, known: string, texts: readonly number[]): string {
  const columns = withDays(
    mapping,
    (column) =>
      column.mapping.person !== undefined ||
      column.shown !== undefined ||
      column.core === known ||
      isPart(column) ||
      isCoded(column) ||
      texts.includes(column.position),
  );
  const at = columns.find(({ core }) => core === known)?.position;
  const marks = columns
    .filter(({ shown }) => shown)
    .map(({ position }) => `, ${heldBack(`v${position}`)} AS h${position}`);
  const persons = columns.filter((each) => each.mapping.person);
  const shown = [
    ...persons.map(({ position }) => `, r${position}`),
    ...marks,
    ...texts.map((position) => `, s${position}`),
    ...columns
      .filter((column) => isPart(column) || isCoded(column))
      .map(({ position }) => `, t${position}, m${position}`),
  ].join("");
  return `${judgedRows({ ...mapping, columns }, texts.length > 0, "all")}
SELECT line, r${at} AS known${shown} FROM judged`;
}

function heldBack(value: string): string {
  return `CASE WHEN starts_with(${value}, ${quoteLiteral(HELD_BACK)}) THEN ${value} END`;
}
