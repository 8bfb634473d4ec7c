import type { Context } from "../context.ts";
import { namesByAnalogy } from "../definitions-on.ts";
import { shiftPeriod } from "../period.ts";
import { openCheckNames } from "../standard/check-names.ts";
import { groupBy } from "../standard/group-by.ts";
import { sqlFile } from "../store/sql-file.ts";
import { type Cited, citationOf } from "./cited.ts";
import { contextOf, type Edition, isWithheld } from "./edition.ts";
import { gatherRanges, gatherSensitivities } from "./gather-uncertainty.ts";
import { gatherLists } from "./list-report.ts";
import { UNDISCLOSED } from "./outputs.ts";
import { toRecord, toVeto } from "./record-lines.ts";
import type {
  Bilingual,
  Body,
  CategoryPoints,
  CheckResult,
  Coverage,
  FailedPull,
  InputFile,
  QuarantineCount,
  Report,
  ReportLevel,
  Rule,
  SourceState,
  StandardNode,
  Standing,
} from "./report.ts";
import { TEXTS } from "./texts.ts";
import { gatherWarnings } from "./warning-report.ts";

const sql = sqlFile(import.meta.dirname, "gather.sql");
type Raw = Record<string, unknown>;

/** Reads what the reports of an edition show from the published tables (see createTables, reduceTables). */
export async function gatherReport(whole: Context, edition: Edition): Promise<Report> {
  const context = contextOf(whole, edition);
  const { store, period } = context;
  const at = { period: period.id };
  const nodes = (await store.rows<Raw>(sql("node-of-standard"))).map(toStandardNode);
  const rules = (await store.rows<Raw>(sql("rule"))).map(toRule);
  const standings = orderByLevel(context, await gatherStandings(context));
  return {
    context,
    edition,
    levels: arrangeLevels(context, standings),
    standings,
    nodes,
    rules,
    coverage: (await store.rows<Raw>(sql("coverage"), at)).map(toCoverage),
    ...(await gatherSensitivities(store)),
    sources: await store.rows<SourceState>(sql("source")),
    failedPulls: await store.rows<FailedPull>(sql("failed-pull"), { run_id: context.runId }),
    quarantine: await store.rows<QuarantineCount>(sql("quarantine")),
    checks: await gatherChecks(context),
    files: await store.rows<InputFile>(sql("file")),
    warnings: await gatherWarnings(whole, isWithheld(edition, "warnings")),
    lists: await gatherLists(context, isWithheld(edition, "list")),
    byAnalogy: namesByAnalogy(context),
    titles: nameEverything(context, nodes, rules),
  };
}

async function gatherChecks({ store, workspace }: Context): Promise<CheckResult[]> {
  const nameCheck = openCheckNames(workspace);
  const rows = await store.rows<Omit<CheckResult, "title">>(sql("check"));
  return rows.map((row) => ({ ...row, title: nameCheck(row.check_id) }));
}

async function gatherStandings(context: Context): Promise<Standing[]> {
  const { store, period, periods } = context;
  const at = { period: period.id };
  const bodies = new Map(
    (await store.rows<Raw>(sql("entity"))).map((row): [string, Body] => [
      row.id as string,
      toBody(row),
    ]),
  );
  const history = groupRows(await store.rows<Raw>(sql("history")));
  const nodes = groupRows(await store.rows<Raw>(sql("node"), at));
  const values = groupRows(await store.rows<Raw>(sql("value"), at));
  const contributions = groupRows(
    await store.rows<Raw>(sql("contribution"), { ...at, previous: shiftPeriod(period, -1).id }),
  );
  const categories = groupRows(await store.rows<Raw>(sql("category"), at));
  const details = groupRows(await store.rows<Raw>(sql("detail"), at));
  const vetoes = groupRows(await store.rows<Raw>(sql("veto-item"), { ...at, ends_on: period.end }));
  const ranks = await store.rows<Raw>(sql("rank"), at);
  const ranges = await gatherRanges(store);
  return ranks.map((row) => {
    const id = row.entity_id as string;
    const body = bodies.get(id);
    if (!body) {
      throw new Error(
        `The body ${id} has a rank in ${period.id}, but no entity row is known of it. Run "zhengxin conform" and the stages after it again.`,
      );
    }
    const scores = new Map((history.get(id) ?? []).map((point) => [point.place, point.score]));
    return {
      body,
      level: row.level as string,
      peerClass: row.peer_class as string,
      ranked: row.state === "ranked",
      score: row.score as number | null,
      rank: row.rank as number | null,
      rankedOf: row.ranked_of as number | null,
      grade: row.grade as string | null,
      gradeBeforeVeto: row.grade_before_veto as string | null,
      vetoedBy: row.vetoed_by as string | null,
      coverage: row.coverage as number,
      scorePrevious: row.score_previous as number | null,
      rankPrevious: row.rank_previous as number | null,
      scoreLastYear: row.score_last_year as number | null,
      rankLastYear: row.rank_last_year as number | null,
      reason: { zh: (row.reason_zh as string) ?? "", en: (row.reason_en as string) ?? "" },
      history: periods.map((_, place) => (scores.get(place) as number | undefined) ?? null),
      nodes: new Map((nodes.get(id) ?? []).map((node) => [node.node_id as string, toNode(node)])),
      values: new Map(
        (values.get(id) ?? []).map((value) => [value.indicator_id as string, toValue(value)]),
      ),
      contributions: (contributions.get(id) ?? []).map((part) => ({
        kind: part.kind as string,
        node: part.node_id as string,
        points: part.points as number,
        before: part.before as number | null,
      })),
      categories: groupCategories(categories.get(id) ?? []),
      range: ranges.get(id) ?? null,
      records: [
        ...(details.get(id) ?? []).map(toRecord),
        ...(vetoes.get(id) ?? []).filter((item) => item.rule_id === row.vetoed_by).map(toVeto),
      ],
    };
  });
}

function groupRows(rows: readonly Raw[]): Map<string, Raw[]> {
  return groupBy(rows, ({ entity_id }) => entity_id as string);
}

function groupCategories(rows: readonly Raw[]): Map<string, CategoryPoints[]> {
  const groups = new Map<string, CategoryPoints[]>();
  for (const { node_id, category, points } of rows) {
    const group = groups.get(node_id as string) ?? [];
    group.push({ category: category as string, points: points as number });
    groups.set(node_id as string, group);
  }
  return groups;
}

/** In the order in which the pipeline shows its levels; a level it does not show comes last. */
function orderByLevel({ pipeline }: Context, standings: readonly Standing[]): Standing[] {
  const place = new Map(pipeline.report.levels.map(({ level }, at) => [level, at]));
  const placeOf = ({ level }: Standing) => place.get(level) ?? place.size;
  return standings.toSorted((a, b) => placeOf(a) - placeOf(b));
}

function arrangeLevels(context: Context, standings: readonly Standing[]): ReportLevel[] {
  const { pipeline, standard } = context;
  return pipeline.report.levels
    .map(({ level, zh, en }) => {
      const own = standings.filter((standing) => standing.level === level);
      return {
        level,
        name: { zh, en },
        standings: own,
        classes: standard.peer_classes
          .filter((peers) => peers.level === level)
          .map((peers) => ({
            id: peers.id,
            name: { zh: peers.zh, en: peers.en },
            standings: own.filter((standing) => standing.peerClass === peers.id),
          }))
          .filter((peers) => peers.standings.length > 0),
      };
    })
    .filter(({ standings: own }) => own.length > 0);
}

function nameEverything(
  context: Context,
  nodes: readonly StandardNode[],
  rules: readonly Rule[],
): Map<string, Bilingual> {
  const titles = new Map<string, Bilingual>([
    ["minimum", TEXTS.limitMinimum],
    ["maximum", TEXTS.limitMaximum],
    [UNDISCLOSED, TEXTS.undisclosed],
  ]);
  for (const { id, title } of context.indicators.values()) titles.set(id, title);
  for (const { id, title } of [...nodes, ...rules]) titles.set(id, title);
  return titles;
}

function toBody(row: Raw): Body {
  return {
    id: row.id as string,
    level: row.level as string,
    peerClass: row.peer_class as string,
    kind: row.kind as string | null,
    name: { zh: row.name_zh as string, en: row.name_en as string },
    parent: row.parent_id as string | null,
  };
}

function toNode(row: Raw) {
  return {
    id: row.node_id as string,
    nodeLevel: row.node_level as string,
    state: row.state as string,
    score: row.score as number | null,
    rawValue: row.raw_value as number | null,
    nominalWeight: row.nominal_weight as number | null,
    effectiveWeight: row.effective_weight as number | null,
    coverage: row.coverage as number | null,
  };
}

function toValue(row: Raw) {
  return {
    indicator: row.indicator_id as string,
    state: row.state as string,
    numerator: row.numerator as number | null,
    denominator: row.denominator as number | null,
    value: row.value as number | null,
    sampleSize: row.sample_size as number,
    excluded: row.excluded as number,
    undelivered: row.undelivered as number,
    shrunk: row.shrunk as number | null,
  };
}

function toStandardNode(row: Raw): StandardNode {
  return {
    level: row.level as string,
    id: row.node_id as string,
    nodeLevel: row.node_level as string,
    parent: row.parent_node as string | null,
    title: { zh: row.title_zh as string, en: row.title_en as string },
    clause: row.clause as string | null,
    weight: row.weight as number,
    normalisation: row.normalisation as string | null,
    aggregation: row.aggregation as string | null,
    source: citationOf(row as Raw & Cited),
    assumption: row.assumption as boolean,
  };
}

function toRule(row: Raw): Rule {
  return {
    kind: row.kind as Rule["kind"],
    id: row.rule_id as string,
    title: { zh: row.title_zh as string, en: row.title_en as string },
    indicator: row.indicator_id as string,
    terms: JSON.parse(row.terms as string),
    source: citationOf(row as Raw & Cited),
    assumption: row.assumption as boolean,
  };
}

function toCoverage(row: Raw): Coverage {
  return {
    indicator: row.indicator_id as string,
    level: row.level as string,
    bodies: row.bodies as number,
    assessed: row.assessed as number,
    notApplicable: row.not_applicable as number,
    tooFew: row.too_few as number,
    noData: row.no_data as number,
    sampleSize: row.sample_size as number,
    excluded: row.excluded as number,
    undelivered: row.undelivered as number,
  };
}
