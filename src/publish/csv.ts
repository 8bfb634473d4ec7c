import type { Report } from "./report.ts";

/** What is told of each body of a ranking, wherever it goes out as CSV. */
export const RANKING_COLUMNS = [
  "level",
  "peer_class",
  "rank",
  "ranked_of",
  "entity_id",
  "name_zh",
  "name_en",
  "score",
  "grade",
  "grade_before_veto",
  "vetoed_by",
  "coverage",
  "rank_median",
  "rank_low",
  "rank_high",
  "top_three",
  "bottom_three",
  "above_next",
  "rank_previous",
  "score_previous",
  "rank_last_year",
  "score_last_year",
  "state",
  "reason_zh",
  "reason_en",
] as const;

const COLUMNS = ["period", ...RANKING_COLUMNS, "as_of", "synthetic"] as const;

/**
 * The ranking as CSV: UTF-8 with byte order mark (Excel takes it for the local code page without), lines ended by CRLF,
 * numbers unrounded, empty where there is nothing.
 */
export function writeRankingCsv({ context, standings }: Report): string {
  const rows = standings.map((standing) => ({
    period: context.period.id,
    level: standing.level,
    peer_class: standing.peerClass,
    rank: standing.rank,
    ranked_of: standing.rankedOf,
    entity_id: standing.body.id,
    name_zh: standing.body.name.zh,
    name_en: standing.body.name.en,
    score: standing.score,
    grade: standing.grade,
    grade_before_veto: standing.gradeBeforeVeto,
    vetoed_by: standing.vetoedBy,
    coverage: standing.coverage,
    rank_median: standing.range?.median ?? null,
    rank_low: standing.range?.low ?? null,
    rank_high: standing.range?.high ?? null,
    top_three: standing.range?.topThree ?? null,
    bottom_three: standing.range?.bottomThree ?? null,
    above_next: standing.range?.aboveNext ?? null,
    rank_previous: standing.rankPrevious,
    score_previous: standing.scorePrevious,
    rank_last_year: standing.rankLastYear,
    score_last_year: standing.scoreLastYear,
    state: standing.ranked ? "ranked" : "not_ranked",
    reason_zh: standing.reason.zh,
    reason_en: standing.reason.en,
    as_of: context.asOf,
    synthetic: context.pipeline.report.synthetic ? "true" : "false",
  }));
  const lines = rows.map((row) => COLUMNS.map((column) => quoteField(row[column])).join(","));
  return `\uFEFF${[COLUMNS.join(","), ...lines].join("\r\n")}\r\n`;
}

const LIST_COLUMNS = [
  "period",
  "list_id",
  "kind",
  "field",
  "level",
  "entity_id",
  "name_zh",
  "name_en",
  "reason_zh",
  "reason_en",
  "effect_zh",
  "effect_en",
  "article_zh",
  "article_en",
  "rule_id",
  "since",
  "until",
  "ends",
  "disputed",
  "record_key",
  "document_no",
  "found_at",
  "as_of",
  "synthetic",
] as const;

/** The entries of the lists and the restrictions as CSV, in the form of the ranking's. */
export function writeListsCsv({ context, lists }: Report): string {
  const synthetic = context.pipeline.report.synthetic ? "true" : "false";
  const lines = lists.entries.map((entry) => {
    const row = { ...entry, period: context.period.id, as_of: context.asOf, synthetic };
    return LIST_COLUMNS.map((column) => {
      const value = row[column];
      return quoteField(typeof value === "boolean" ? String(value) : value);
    }).join(",");
  });
  return `\uFEFF${[LIST_COLUMNS.join(","), ...lines].join("\r\n")}\r\n`;
}

/** A text that a spreadsheet would take for a formula gets a leading apostrophe. */
export function quoteField(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
