import type { WarningDefinition } from "../standard/warning-definition.ts";
import type { Bilingual, Report } from "./report.ts";
import { column, pair } from "./sheet-column.ts";
import { TEXTS } from "./texts.ts";
import { nameWarningLevel, titleWarning } from "./warning-names.ts";
import type { Cell, Sheet } from "./xlsx.ts";

const NUMBER = "#,##0.######";
const SCORE = "0.00";

/** Levels, lists and ratings of the month, and what stands above green; no sheet where the pipeline warns of nothing. */
export function sheetsOfWarnings(report: Report): Sheet[] {
  const limits = report.warnings.debtLimits.length > 0 ? [limitSheet(report)] : [];
  if (report.warnings.definitions.length === 0) return limits;
  return [...limits, levelSheet(report), standingSheet(report)];
}

/** What everybody may see of debt. */
function limitSheet(report: Report): Sheet {
  const { warnings } = report;
  const bodyCells = namesOf(report);
  return {
    title: TEXTS.debtLimits,
    columns: [
      ...BODY_COLUMNS,
      column("debtLimit", 20, SCORE),
      column("debtBalance", 20, SCORE),
      column("unit", 20),
    ],
    rows: warnings.publicForms.flatMap(({ id, unit, divide }) =>
      warnings.debtLimits
        .filter(({ warnings_id }) => warnings_id === id)
        .map(({ entity_id, balance, debt_limit: limit }): Cell[] => [
          ...bodyCells(entity_id),
          limit === null ? null : limit / divide,
          balance === null ? null : balance / divide,
          pair(unit),
        ]),
    ),
  };
}

const BODY_COLUMNS = [
  column("code", 20),
  { title: { zh: "单位", en: "Body (Chinese)" }, width: 26 },
  { title: { zh: "单位（英文）", en: "Body (English)" }, width: 44 },
];

function levelSheet(report: Report): Sheet {
  const { warnings, context } = report;
  const bodyCells = namesOf(report);
  return {
    title: { zh: "风险等级", en: "Risk levels" },
    columns: [
      column("warnings", 30),
      ...BODY_COLUMNS,
      column("warningLevel", 12),
      column("warningList", 22),
      column("emergencyGrade", 24),
      column("creditRating", 30),
      { title: { zh: "封顶前评级", en: "Before the cap" }, width: 12 },
      { title: { zh: "评级得分", en: "Rating score" }, width: 12, format: SCORE },
      { title: { zh: "说明", en: "Reason (Chinese)" }, width: 60 },
      { title: { zh: "说明（英文）", en: "Reason (English)" }, width: 60 },
    ],
    rows: warnings.levels
      .filter(({ period }) => period === context.period.id)
      .map((row): Cell[] => [
        pair(titleOf(report, row.warnings_id)),
        ...bodyCells(row.entity_id),
        pair(nameWarningLevel(row.level)),
        row.list ? pair(LISTS[row.list]) : null,
        row.emergency ? pair(TEXTS.emergencyIV) : null,
        row.rating,
        row.rating_uncapped,
        row.rating_score,
        row.reason_zh,
        row.reason_en,
      ]),
  };
}

function standingSheet(report: Report): Sheet {
  const bodyCells = namesOf(report);
  return {
    title: { zh: "当前预警", en: "Standing warnings" },
    columns: [
      column("warnings", 30),
      column("warningLevel", 12),
      ...BODY_COLUMNS,
      column("rule", 44),
      column("since", 12),
      { title: { zh: "数值", en: "Value" }, width: 14, format: NUMBER },
      { title: { zh: "线", en: "Line" }, width: 12, format: NUMBER },
      column("reachedIn", 12),
      { title: { zh: "情况", en: "What (Chinese)" }, width: 60 },
      { title: { zh: "情况（英文）", en: "What (English)" }, width: 60 },
    ],
    rows: report.warnings.standing.map((one): Cell[] => {
      const definition = definitionOf(report, one.warnings_id);
      return [
        pair(titleOf(report, one.warnings_id)),
        pair(nameWarningLevel(one.level)),
        ...bodyCells(one.entity_id),
        definition ? pair(titleWarning(definition, one)) : one.rule_id,
        one.began,
        one.value,
        one.line,
        one.expected,
        one.message_zh,
        one.message_en,
      ];
    }),
  };
}

const LISTS = { warning: TEXTS.listWarning, hint: TEXTS.listHint } as const;

function definitionOf({ warnings }: Report, id: string): WarningDefinition | undefined {
  return warnings.definitions.find((one) => one.id === id);
}

function titleOf(report: Report, id: string): Bilingual {
  return definitionOf(report, id)?.title ?? { zh: id, en: id };
}

function namesOf({ standings }: Report): (entity: string) => Cell[] {
  const names = new Map(standings.map(({ body }) => [body.id, body.name]));
  return (entity) => [entity, names.get(entity)?.zh ?? null, names.get(entity)?.en ?? null];
}
