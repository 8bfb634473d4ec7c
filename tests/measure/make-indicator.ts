import type { IndicatorFile } from "../../src/standard/indicator-file.ts";

/** An indicator made for a test: the share of complaints that were resolved, unless told otherwise. */
export function makeIndicator(changes: Partial<IndicatorFile> = {}): IndicatorFile {
  const both = { zh: "试", en: "test" };
  const made = {
    id: "X/test",
    file: "X/test.sql",
    title: both,
    clause: "X",
    levels: ["district", "department", "township"],
    unit: both,
    direction: "higher",
    aggregate: "ratio",
    evidence: "event",
    scale: 1,
    denominator: both,
    minimum_sample: 1,
    rollup: true,
    when_empty: "not_applicable",
    reads: { complaint: ["resolved", "category?"] },
    source: { zh: "测试", en: "test" },
    sql: `SELECT entity_id, CAST(received_at AS DATE) AS occurred_on, CASE WHEN resolved THEN 1 ELSE 0 END AS numerator,
            1 AS denominator, category, resolved IS NULL AS excluded, record_key, file_id, line
          FROM known.complaint`,
    ...changes,
  } satisfies Omit<IndicatorFile, "hash">;
  return { hash: JSON.stringify(made), ...made };
}
