import { describeCounting } from "./counting-words.ts";
import { describeFailedPulls, describeFetching } from "./fetching.ts";
import type { Bilingual, Report } from "./report.ts";
import { COUNT, column, pair } from "./sheet-column.ts";
import { TEXTS, type TextKey } from "./texts.ts";
import {
  describeNormalisation,
  describeRange,
  describeTerms,
  nameCode,
  nameReason,
} from "./words.ts";
import type { Cell, Sheet } from "./xlsx.ts";

const REDACTED = { zh: "已不再公示的记录", en: "Records shown no more" };
const NO_COUNTS = Array.from({ length: 7 }, () => null);

/** What the sources gave, what was set aside, and the checks. */
export function qualitySheet(report: Report): Sheet {
  const titleOf = (id: string | null) => {
    const source = report.context.sources.find((one) => one.source === id);
    return source ? pair(source.title) : null;
  };
  const line = (
    kind: TextKey,
    id: string | null,
    what: string,
    state: string | null,
    counts: readonly (number | null)[],
    remark: Bilingual,
  ): Cell[] => [pair(TEXTS[kind]), id, titleOf(id), what, state, ...counts, remark.zh, remark.en];
  const empty = { zh: "", en: "" };
  return {
    title: { zh: "数据质量", en: "Data quality" },
    columns: [
      column("kind", 20),
      { title: { zh: "数据源编号", en: "Source id" }, width: 22 },
      column("source", 36),
      { title: { zh: "项目", en: "What" }, width: 36 },
      column("state", 18),
      column("received", 12, COUNT),
      column("loaded", 12, COUNT),
      column("quarantined", 12, COUNT),
      column("inRefusedFiles", 12, COUNT),
      column("duplicates", 12, COUNT),
      column("corrected", 12, COUNT),
      column("flagged", 12, COUNT),
      { title: { zh: "说明", en: "Remark (Chinese)" }, width: 60 },
      { title: { zh: "说明（英文）", en: "Remark (English)" }, width: 60 },
    ],
    rows: [
      ...(report.redaction ? [report.redaction] : []).map((notice) =>
        line("records", null, pair(REDACTED), null, NO_COUNTS, notice),
      ),
      ...[describeFetching(report), ...describeFailedPulls(report)].map((sentence) =>
        line("source", null, pair({ zh: "取数", en: "Fetching" }), null, NO_COUNTS, sentence),
      ),
      ...report.sources.map((source) =>
        line(
          "source",
          source.source_id,
          source.newest_valid ? `${pair(TEXTS.newest)} ${source.newest_valid}` : "",
          pair(nameCode(source.state)),
          [
            source.rows_received,
            source.rows_loaded,
            source.rows_quarantined,
            source.rows_refused,
            source.rows_duplicate,
            source.rows_corrected,
            source.rows_flagged,
          ],
          { zh: source.message_zh ?? "", en: source.message_en ?? "" },
        ),
      ),
      ...report.quarantine.map(({ source_id, reason, column_name, row_count, in_refused_file }) =>
        line(
          "quarantined",
          source_id,
          column_name ?? "",
          pair(nameReason(reason)),
          [
            null,
            null,
            in_refused_file ? null : row_count,
            in_refused_file ? row_count : null,
            null,
            null,
            null,
          ],
          empty,
        ),
      ),
      ...report.checks.map((check) =>
        line(
          "check",
          check.source_id,
          check.check_id,
          pair(check.passed ? TEXTS.passed : nameCode(check.severity)),
          [null, null, check.failing_rows, null, null, null, null],
          { zh: check.message_zh, en: check.message_en },
        ),
      ),
    ],
  };
}

/** The standard: its tree, normalisations, rules and grades. */
export function methodSheet(report: Report): Sheet {
  const { standard } = report.context;
  const origin = (block: {
    source?: Bilingual | null | undefined;
    assumption?: boolean | undefined;
  }) => (block.source ? pair(block.source) : block.assumption ? pair(TEXTS.assumption) : null);
  return {
    title: { zh: "方法", en: "Method" },
    columns: [
      column("kind", 18),
      column("level", 20),
      { title: { zh: "编号", en: "Id" }, width: 32 },
      { title: { zh: "名称", en: "Title (Chinese)" }, width: 34 },
      { title: { zh: "名称（英文）", en: "Title (English)" }, width: 44 },
      column("weight", 10, "0.###"),
      { title: { zh: "条件", en: "Terms (Chinese)" }, width: 50 },
      { title: { zh: "条件（英文）", en: "Terms (English)" }, width: 50 },
      column("origin", 50),
    ],
    rows: [
      [
        pair(TEXTS.standard),
        null,
        standard.id,
        standard.title.zh,
        standard.title.en,
        null,
        standard.version,
        standard.hash,
        null,
      ],
      ...report.nodes.map((node): Cell[] => {
        const indicator = report.context.indicators.get(node.id);
        const counting = indicator && describeCounting(indicator);
        const how = node.normalisation ?? node.aggregation;
        return [
          pair(TEXTS[node.nodeLevel === "indicator" ? "indicator" : "dimension"]),
          pair(
            report.levels.find(({ level }) => level === node.level)?.name ?? nameCode(node.level),
          ),
          node.id,
          node.title.zh,
          node.title.en,
          node.weight,
          [how, counting?.zh].filter(Boolean).join("；") || null,
          counting ? [how, counting.en].filter(Boolean).join(". ") : null,
          origin(node),
        ];
      }),
      ...Object.entries(standard.normalisations).map(([name, normalisation]): Cell[] => {
        const words = describeNormalisation(normalisation);
        return [
          pair(TEXTS.normalisation),
          null,
          name,
          null,
          null,
          null,
          words.zh,
          words.en,
          origin(normalisation),
        ];
      }),
      ...report.rules.map((rule): Cell[] => {
        const words = describeTerms(rule.terms, standard.category_names);
        return [
          pair(TEXTS[rule.kind]),
          null,
          rule.id,
          rule.title.zh,
          rule.title.en,
          null,
          words.zh,
          words.en,
          origin(rule),
        ];
      }),
      ...standard.grades.map((grade): Cell[] => {
        const words = describeRange(grade);
        return [
          pair(TEXTS.grade),
          null,
          grade.id,
          grade.zh,
          grade.en,
          null,
          words.zh,
          words.en,
          origin(grade),
        ];
      }),
    ],
  };
}
