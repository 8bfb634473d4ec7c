import type { EvaluationStandard } from "../../src/standard/evaluation-standard.ts";
import type { IndicatorFile } from "../../src/standard/indicator-file.ts";

export const INDICATORS = [
  indicator("A1/decision-published", "决策公开率", "Decisions published in time", "%", "ratio"),
  indicator("B2/complaint-closed-on-time", "按时办结率", "Complaints closed in time", "%", "ratio"),
  indicator("A2/dishonesty-records", "失信记录", "Dishonesty records", "条", "list"),
  indicator("A2/judgment-debtor", "失信被执行人", "Judgment debtor", "条", "list"),
];

function indicator(
  id: string,
  zh: string,
  en: string,
  unit: string,
  aggregate: "ratio" | "list",
): IndicatorFile {
  return {
    id,
    file: `${id}.sql`,
    sql: "",
    hash: `hash of ${id}`,
    title: { zh, en },
    clause: id.slice(0, 2),
    levels: ["district", "department"],
    unit: { zh: unit, en: unit === "%" ? "%" : "records" },
    direction: "higher",
    aggregate,
    evidence: "event",
    scale: 100,
    denominator: { zh: "全部", en: "all" },
    minimum_sample: 1,
    rollup: true,
    when_empty: "not_applicable",
    reads: { complaint: [] },
    source: { zh: "测试", en: "test" },
  };
}

export const STANDARD: EvaluationStandard = {
  id: "small",
  version: "1",
  title: { zh: "小标准", en: "Small standard" },
  effective: { from: "2018-01-01" },
  window_months: 12,
  levels: {
    district: {
      zh: "区市",
      en: "Districts",
      minimum_coverage: 0.5,
      minimum_assessed: 0,
      assumption: true,
    },
    department: {
      zh: "部门",
      en: "Departments",
      minimum_coverage: 0.5,
      minimum_assessed: 0,
      assumption: true,
    },
  },
  peer_classes: [
    { id: "district", level: "district", zh: "区市", en: "Districts" },
    { id: "general", level: "department", zh: "综合部门", en: "General departments" },
  ],
  missing: {
    rule: "reweight",
    minimum_coverage: 0.5,
    not_applicable: "excluded",
    assumption: true,
  },
  nodes: [
    node("index", undefined, "总分", "Index", 100),
    node("law", "index", "依法行政", "Lawful conduct", 60),
    node("people", "index", "社会监督", "Public oversight", 40),
  ],
  indicators: [
    {
      indicator: "A1/decision-published",
      parent: "law",
      weight: { district: 60, department: 60 },
      normalise: "share",
      source: { zh: "第2号通知", en: "Notice 2" },
    },
    {
      indicator: "B2/complaint-closed-on-time",
      parent: "people",
      weight: { district: 40, department: 40 },
      normalise: "share",
      assumption: true,
    },
  ],
  normalisations: { share: { method: "goalposts", low: 0, high: 100, assumption: true } },
  deductions: [
    {
      id: "dishonesty",
      title: { zh: "失信扣分", en: "Dishonesty records" },
      indicator: "A2/dishonesty-records",
      points: { serious: 5 },
      decay: { method: "half_life", months: 12 },
      window_months: 24,
      maximum: 20,
      assumption: true,
    },
  ],
  bonuses: [],
  unweighted: [],
  vetoes: [
    {
      id: "debtor",
      title: { zh: "失信被执行人", en: "Judgment debtor" },
      indicator: "A2/judgment-debtor",
      cap: "C",
      assumption: true,
    },
  ],
  bounds: { minimum: 0, maximum: 100, assumption: true },
  grades: [
    {
      id: "A",
      zh: "优秀",
      en: "Excellent",
      colour: "#1a7f4b",
      from: 90,
      source: { zh: "第2号通知", en: "Notice 2" },
    },
    { id: "B", zh: "良好", en: "Good", colour: "#7fb341", from: 80, below: 90, assumption: true },
    { id: "C", zh: "合格", en: "Fair", colour: "#f2b134", from: 60, below: 80, assumption: true },
    { id: "D", zh: "不合格", en: "Poor", colour: "#c9372c", below: 60, assumption: true },
  ],
  category_names: { noise: { zh: "噪声", en: "noise" } },
  file: "small.yaml",
  hash: "5".repeat(64),
};

function node(id: string, parent: string | undefined, zh: string, en: string, weight: number) {
  return {
    id,
    ...(parent ? { parent } : {}),
    title: { zh, en },
    weight: { district: weight, department: weight },
    aggregation: { method: "arithmetic" as const },
    assumption: true as const,
  };
}
