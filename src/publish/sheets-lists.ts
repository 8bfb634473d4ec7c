import { describeEnd } from "./list-words.ts";
import type { Report } from "./report.ts";
import { column, pair } from "./sheet-column.ts";
import type { Sheet } from "./xlsx.ts";

/** Every entry of every list, and the restrictions; none where the pipeline draws up no lists. */
export function sheetsOfLists({ lists, context }: Report): Sheet[] {
  if (lists.parts.length === 0) return [];
  const levels = new Map(context.pipeline.report.levels.map((one) => [one.level, pair(one)]));
  const titles = new Map(lists.parts.map(({ id, title }) => [id, pair(title)]));
  return [
    {
      title: { zh: "名单与限制", en: "Lists" },
      columns: [
        { title: { zh: "名单", en: "List" }, width: 32 },
        column("level", 28),
        column("code", 20),
        { title: { zh: "单位", en: "Body (Chinese)" }, width: 26 },
        { title: { zh: "单位（英文）", en: "Body (English)" }, width: 44 },
        { title: { zh: "原因", en: "Reason (Chinese)" }, width: 60 },
        { title: { zh: "原因（英文）", en: "Reason (English)" }, width: 60 },
        { title: { zh: "效力", en: "Effect (Chinese)" }, width: 40 },
        { title: { zh: "效力（英文）", en: "Effect (English)" }, width: 40 },
        { title: { zh: "依据条款", en: "Article (Chinese)" }, width: 40 },
        { title: { zh: "依据条款（英文）", en: "Article (English)" }, width: 40 },
        { title: { zh: "规则", en: "Rule" }, width: 22 },
        { title: { zh: "自", en: "Since" }, width: 12 },
        { title: { zh: "至", en: "Until" }, width: 28 },
        { title: { zh: "异议中", en: "Disputed" }, width: 10 },
        column("record", 28),
        { title: { zh: "文号", en: "Document" }, width: 24 },
        column("place", 48),
      ],
      rows: lists.entries.map((entry) => [
        titles.get(entry.list_id) ?? entry.list_id,
        levels.get(entry.level) ?? entry.level,
        entry.entity_id,
        entry.name_zh,
        entry.name_en,
        entry.reason_zh,
        entry.reason_en,
        entry.effect_zh,
        entry.effect_en,
        entry.article_zh,
        entry.article_en,
        entry.rule_id,
        entry.since,
        pair(describeEnd(entry)),
        entry.disputed ? pair({ zh: "是", en: "yes" }) : null,
        entry.record_key,
        entry.document_no,
        entry.found_at,
      ]),
    },
  ];
}
