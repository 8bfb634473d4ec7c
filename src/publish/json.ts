import { countRequired } from "../standard/pipeline-definition.ts";
import { countWithheld } from "./edition.ts";
import type { Report, Standing } from "./report.ts";

/** The report as JSON, with the titles in both languages; docs/published-data.md describes it. */
export function writeReportJson(report: Report): string {
  return `${JSON.stringify(describeReport(report), null, 1)}\n`;
}

/** What report.json holds, for those who read it again. */
export type PublishedReport = Omit<WrittenReport, "fetching" | "by_analogy"> & {
  /** null: a program that noted nothing of it published the month. */
  readonly fetching: WrittenReport["fetching"] | null;
  readonly by_analogy: WrittenReport["by_analogy"] | null;
};
type WrittenReport = ReturnType<typeof describeReport>;

function describeReport(report: Report) {
  const { context, levels, titles } = report;
  const { pipeline, standard } = context;
  const named = (id: string) => ({ id, title: titles.get(id) ?? { zh: id, en: id } });
  return {
    format: "zhengxin report 1",
    audience: report.edition.audience,
    not_public: countWithheld(report.edition),
    title: pipeline.report.title,
    period: { id: context.period.id, starts_on: context.period.start, ends_on: context.period.end },
    as_of: context.asOf,
    run_id: context.runId,
    synthetic: pipeline.report.synthetic ?? null,
    redaction: report.redaction ?? null,
    by_analogy: report.byAnalogy,
    attribution: pipeline.report.attribution ?? null,
    standard: {
      id: standard.id,
      version: standard.version,
      title: standard.title,
      sha256: standard.hash,
    },
    periods: context.periods.map(({ id }) => id),
    grades: standard.grades.map(({ id, zh, en, colour, from, below }) => ({
      id,
      title: { zh, en },
      colour,
      from: from ?? null,
      below: below ?? null,
    })),
    levels: levels.map(({ level, name, classes }) => ({
      level,
      title: name,
      dimensions: report.nodes
        .filter((node) => node.level === level && node.nodeLevel === "dimension")
        .map(({ id, title, weight }) => ({ id, title, weight })),
      peer_classes: classes.map((peers) => ({
        id: peers.id,
        title: peers.name,
        bodies: peers.standings.map((standing) => describeBody(standing, named)),
      })),
    })),
    fetching: {
      require: pipeline.require,
      required: countRequired(pipeline),
      fetched: context.sources.length - report.failedPulls.length,
      failed: report.failedPulls,
    },
    warnings: report.warnings.definitions.map(({ id, version, title }) => {
      const own = <T extends { readonly warnings_id: string }>(rows: readonly T[]) =>
        rows.filter((row) => row.warnings_id === id).map(({ warnings_id: _, ...row }) => row);
      return {
        id,
        version,
        title,
        levels: own(report.warnings.levels),
        standing: own(report.warnings.standing),
        crossings: own(report.warnings.crossings),
        stress: own(report.warnings.stress),
      };
    }),
    debt_limits: report.warnings.publicForms.map(({ id, unit, divide }) => ({
      warnings: id,
      unit,
      divide,
      bodies: report.warnings.debtLimits
        .filter(({ warnings_id }) => warnings_id === id)
        .map(({ warnings_id: _, ...row }) => row),
    })),
    lists: report.lists.parts.map(({ id, kind, field, title, article, effect }) => ({
      id,
      kind,
      field: field ?? null,
      title,
      article,
      effect,
      entries: report.lists.entries
        .filter(({ list_id }) => list_id === id)
        .map(({ list_id: _, kind: _kind, field: _field, effect_zh, effect_en, ...entry }) => entry),
    })),
    sources: report.sources,
    quarantine: report.quarantine,
    checks: report.checks,
    sensitivities: report.sensitivities.map(({ peerClass, firstOrder, ...row }) => ({
      ...row,
      peer_class: peerClass,
      first_order: firstOrder,
    })),
    replications: report.replications,
    coverage: report.coverage.map((row) => ({
      ...named(row.indicator),
      level: row.level,
      bodies: row.bodies,
      assessed: row.assessed,
      not_applicable: row.notApplicable,
      too_few: row.tooFew,
      no_data: row.noData,
      sample_size: row.sampleSize,
      excluded: row.excluded,
      undelivered: row.undelivered,
    })),
  };
}

function describeBody(
  standing: Standing,
  named: (id: string) => { id: string; title: { zh: string; en: string } },
) {
  const { body } = standing;
  return {
    entity_id: body.id,
    name: body.name,
    parent_id: body.parent,
    state: standing.ranked ? "ranked" : "not_ranked",
    rank: standing.rank,
    ranked_of: standing.rankedOf,
    score: standing.score,
    grade: standing.grade,
    grade_before_veto: standing.gradeBeforeVeto,
    vetoed_by: standing.vetoedBy,
    coverage: standing.coverage,
    rank_range: describeRange(standing),
    rank_previous: standing.rankPrevious,
    score_previous: standing.scorePrevious,
    rank_last_year: standing.rankLastYear,
    score_last_year: standing.scoreLastYear,
    reason: standing.reason,
    history: standing.history,
    dimensions: [...standing.nodes.values()]
      .filter((node) => node.nodeLevel === "dimension")
      .map((node) => ({
        id: node.id,
        state: node.state,
        score: node.score,
        coverage: node.coverage,
      })),
    indicators: [...standing.values.values()].map((value) => ({
      id: value.indicator,
      state: value.state,
      numerator: value.numerator,
      denominator: value.denominator,
      value: value.value,
      shrunk_value: value.shrunk,
      sample_size: value.sampleSize,
      excluded: value.excluded,
      undelivered: value.undelivered,
      score: standing.nodes.get(value.indicator)?.score ?? null,
    })),
    contributions: standing.contributions.map(({ kind, node, points, before }) => ({
      kind,
      ...named(node),
      points,
      points_previous: before,
    })),
    records: standing.records.map((record) => ({
      kind: record.kind,
      rule: record.rule,
      record: record.record,
      disputed: record.disputed,
      occurred_on: record.occurredOn,
      points: record.points,
      place: record.place,
    })),
  };
}

function describeRange({ range }: Standing) {
  return (
    range && {
      median: range.median,
      low: range.low,
      high: range.high,
      top_three: range.topThree,
      bottom_three: range.bottomThree,
      above_next: range.aboveNext,
      data: range.data,
      choices: range.choices,
    }
  );
}
