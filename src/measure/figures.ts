/** How an indicator's numbers are added: whole numbers and amounts exactly, figures as doubles. */
export type NumberKind = "count" | "amount" | "figure";

/** The type each kind is added in. */
export const TYPE_OF: Readonly<Record<NumberKind, string>> = {
  count: "BIGINT",
  amount: "DECIMAL(38,6)",
  figure: "DOUBLE",
};

/** Beyond these no row is taken: millions of them still add up without running over. */
const LARGEST: Readonly<Record<"count" | "amount", string>> = {
  count: "1000000000000",
  amount: "100000000000000000000000",
};

/**
 * SQL of one row's number in the type it is added in; NULL where that cannot hold it, or it is no number.
 * @param type DuckDB's type of the column
 */
export function heldNumber(column: string, type: string, kind: NumberKind): string {
  if (kind === "count" && type !== "BIGINT") return `CAST(${column} AS BIGINT)`;
  const typed = `TRY_CAST(${column} AS ${TYPE_OF[kind]})`;
  if (kind === "figure") return `CASE WHEN isfinite(${typed}) THEN ${typed} END`;
  return `CASE WHEN abs(${typed}) <= ${LARGEST[kind]} THEN ${typed} END`;
}

/**
 * SQL of a sum that does not hang on the order of the rows. Doubles are added from the least to the greatest, with
 * what each step loses carried along; a sum that runs over is infinite or no number, and nothing fails.
 */
export function sumOf(column: string, kind: NumberKind): string {
  if (kind !== "figure") return `sum(${column})`;
  return `list_aggregate(list(${column} ORDER BY ${column}), 'fsum')`;
}

/**
 * SQL of a double as people are shown it beside a value, DECIMAL(38,6): NULL where six places would not tell it to a
 * millionth of itself. The value itself keeps all its digits.
 */
export function shownNumber(figure: string): string {
  const shown = `TRY_CAST(${figure} AS DECIMAL(38,6))`;
  return `CASE WHEN abs(CAST(${shown} AS DOUBLE) - ${figure}) <= abs(${figure}) * 1e-6 THEN ${shown} END`;
}
