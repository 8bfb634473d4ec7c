import type { Report, Standing } from "./report.ts";
import { COUNT, column, pair } from "./sheet-column.ts";
import { methodSheet, qualitySheet } from "./sheets-about.ts";
import { sheetsOfLists } from "./sheets-lists.ts";
import { sheetsOfWarnings } from "./sheets-warnings.ts";
import { DISPUTED } from "./texts.ts";
import { nameCode } from "./words.ts";
import type { Cell, Sheet } from "./xlsx.ts";

const SCORE = "0.00";
const SHARE = "0.0%";
const NUMBER = "#,##0.######";
const RANK = "0.#";
const DAY = "yyyy-mm-dd";

/** The sheets of the workbook, in order. */
export function listSheets(report: Report): Sheet[] {
  return [
    rankingSheet(report),
    indicatorSheet(report),
    contributionSheet(report),
    ...sheetsOfWarnings(report),
    ...sheetsOfLists(report),
    qualitySheet(report),
    methodSheet(report),
  ];
}

/** The columns that say which body a row is about; the same in three sheets. */
const BODY_COLUMNS = [
  column("level", 28),
  column("peerClass", 34),
  column("code", 20),
  { title: { zh: "单位", en: "Body (Chinese)" }, width: 26 },
  { title: { zh: "单位（英文）", en: "Body (English)" }, width: 44 },
];

function bodyCells({ context }: Report, { body, level, peerClass }: Standing): Cell[] {
  const { levels } = context.pipeline.report;
  const peers = context.standard.peer_classes.find(({ id }) => id === peerClass);
  const shown = levels.find((one) => one.level === level);
  return [
    shown ? pair(shown) : level,
    peers ? pair(peers) : peerClass,
    body.id,
    body.name.zh,
    body.name.en,
  ];
}

function rankingSheet(report: Report): Sheet {
  const day = (iso: string) => new Date(`${iso}T00:00:00Z`);
  return {
    title: { zh: "排名", en: "Ranking" },
    columns: [
      ...BODY_COLUMNS,
      column("rank", 8, COUNT),
      column("rankedOf", 9, COUNT),
      column("score", 10, SCORE),
      column("grade", 9),
      column("veto", 24),
      column("coverage", 10, SHARE),
      column("rankMedian", 10, RANK),
      column("rankLow", 10, RANK),
      column("rankHigh", 10, RANK),
      column("topThree", 10, SHARE),
      column("bottomThree", 10, SHARE),
      column("aboveNext", 10, SHARE),
      column("rankPrevious", 10, COUNT),
      column("scorePrevious", 10, SCORE),
      column("rankLastYear", 12, COUNT),
      column("scoreLastYear", 12, SCORE),
      { title: { zh: "原因", en: "Reason (Chinese)" }, width: 60 },
      { title: { zh: "原因（英文）", en: "Reason (English)" }, width: 60 },
      { title: { zh: "期末", en: "Period ends" }, width: 12, format: DAY },
    ],
    rows: report.levels.flatMap(({ standings }) =>
      standings.map((standing) => [
        ...bodyCells(report, standing),
        standing.rank,
        standing.rankedOf,
        standing.score,
        standing.grade,
        standing.vetoedBy
          ? pair(report.titles.get(standing.vetoedBy) ?? nameCode(standing.vetoedBy))
          : null,
        standing.coverage,
        standing.range?.median ?? null,
        standing.range?.low ?? null,
        standing.range?.high ?? null,
        standing.range?.topThree ?? null,
        standing.range?.bottomThree ?? null,
        standing.range?.aboveNext ?? null,
        standing.rankPrevious,
        standing.scorePrevious,
        standing.rankLastYear,
        standing.scoreLastYear,
        standing.reason.zh,
        standing.reason.en,
        day(report.context.period.end),
      ]),
    ),
  };
}

function indicatorSheet(report: Report): Sheet {
  return {
    title: { zh: "指标", en: "Indicators" },
    columns: [
      ...BODY_COLUMNS,
      column("clause", 8),
      { title: { zh: "指标编号", en: "Indicator id" }, width: 32 },
      { title: { zh: "指标", en: "Indicator (Chinese)" }, width: 32 },
      { title: { zh: "指标（英文）", en: "Indicator (English)" }, width: 40 },
      column("state", 16),
      column("numerator", 16, NUMBER),
      column("denominator", 16, NUMBER),
      column("value", 14, NUMBER),
      column("shrunkValue", 14, NUMBER),
      column("unit", 12),
      column("sample", 10, COUNT),
      column("excluded", 10, COUNT),
      column("undelivered", 10, COUNT),
      column("score", 10, SCORE),
      column("weight", 10, SHARE),
    ],
    rows: report.levels.flatMap(({ standings }) =>
      standings.flatMap((standing) =>
        [...standing.values.values()].map((value) => {
          const indicator = report.context.indicators.get(value.indicator);
          const node = standing.nodes.get(value.indicator);
          return [
            ...bodyCells(report, standing),
            indicator?.clause ?? null,
            value.indicator,
            indicator?.title.zh ?? null,
            indicator?.title.en ?? null,
            pair(nameCode(node?.state === "imputed" ? node.state : value.state)),
            value.numerator,
            value.denominator,
            value.value,
            value.shrunk,
            indicator ? pair(indicator.unit) : null,
            value.sampleSize,
            value.excluded,
            value.undelivered,
            node?.score ?? null,
            node?.effectiveWeight ?? null,
          ];
        }),
      ),
    ),
  };
}

function contributionSheet(report: Report): Sheet {
  return {
    title: { zh: "贡献", en: "Contributions" },
    columns: [
      ...BODY_COLUMNS,
      column("kind", 18),
      { title: { zh: "编号", en: "Id" }, width: 32 },
      { title: { zh: "名称", en: "Title (Chinese)" }, width: 32 },
      { title: { zh: "名称（英文）", en: "Title (English)" }, width: 40 },
      column("points", 14, "0.0000"),
      column("pointsBefore", 14, "0.0000"),
      column("record", 28),
      column("date", 12),
      column("place", 48),
    ],
    rows: report.levels.flatMap(({ standings }) =>
      standings.flatMap((standing) => [
        ...standing.contributions.map(({ kind, node, points, before }) => [
          ...bodyCells(report, standing),
          pair(nameCode(kind)),
          node,
          report.titles.get(node)?.zh ?? null,
          report.titles.get(node)?.en ?? null,
          points,
          before,
          null,
          null,
          null,
        ]),
        // Records stand below the deduction or bonus they are part of, without points, so that the column still adds up.
        ...standing.records.map(({ kind, rule, record, disputed, occurredOn, place }) => [
          ...bodyCells(report, standing),
          pair(nameCode(kind)),
          rule,
          report.titles.get(rule)?.zh ?? null,
          report.titles.get(rule)?.en ?? null,
          null,
          null,
          disputed ? `${record}（${DISPUTED.zh} ${DISPUTED.en}）` : record,
          occurredOn,
          place,
        ]),
      ]),
    ),
  };
}
