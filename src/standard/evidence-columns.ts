import type { IndicatorFile } from "./indicator-file.ts";

const ALWAYS = [
  "entity_id",
  "occurred_on",
  "numerator",
  "denominator",
  "category",
  "excluded",
  "record_key",
  "file_id",
  "line",
];

/** Columns that an indicator's SELECT must give: a list's rows end, and those of a state belong to a period. */
export function evidenceColumns({
  aggregate,
  evidence,
}: Pick<IndicatorFile, "aggregate" | "evidence">): string[] {
  if (aggregate === "list") return [...ALWAYS, "ended_on"];
  return evidence === "state" ? [...ALWAYS, "period"] : ALWAYS;
}
