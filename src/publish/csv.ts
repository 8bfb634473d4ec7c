import { writeCsv } from "../spreadsheet.ts";
import type { Bilingual, Report } from "./report.ts";

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
 * CSV whose last column says in every row which records were left out, and in a row of its own where no other is left; empty in a
 * publication itself.
 */
export function writeNoticedCsv<Column extends string>(
  columns: readonly Column[],
  rows: Parameters<typeof writeCsv<Column>>[1],
  redaction: Bilingual | null | undefined,
): string {
  const notice = redaction ? `${redaction.zh} ${redaction.en}` : "";
  const shown = rows.length === 0 && redaction ? [{}] : rows;
  return writeCsv(
    [...columns, "notice"],
    shown.map((row) => ({ ...row, notice })),
  );
}

/** The ranking as CSV (src/spreadsheet.ts). */
export function writeRankingCsv(report: Report): string {
  const { context, standings } = report;
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
  return writeNoticedCsv(COLUMNS, rows, report.redaction);
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
export function writeListsCsv(report: Report): string {
  const { context, lists } = report;
  const synthetic = context.pipeline.report.synthetic ? "true" : "false";
  return writeNoticedCsv(
    LIST_COLUMNS,
    lists.entries.map((entry) => ({
      ...entry,
      period: context.period.id,
      as_of: context.asOf,
      synthetic,
    })),
    report.redaction,
  );
}
