/** Methods in words, besides those of texts.ts. */
export const METHOD_TEXTS = {
  preparation: {
    zh: "标准化之前的处理与合成的特别规则",
    en: "Before values are scored, and rules of single nodes",
  },
  denominator: { zh: "分母", en: "Denominator" },
  grouping: { zh: "分组", en: "Grouping" },
  screening: { zh: "按数据可得性筛选", en: "Screening by availability" },
  imputation: { zh: "插补", en: "Imputation" },
  treatment: { zh: "离群值处理", en: "Treatment of outliers" },
  node: { zh: "节点", en: "Node" },
  ties: { zh: "并列容差", en: "Tolerance of ties" },
  zScore: {
    zh: "与比较对象均值之差除以标准差，再换算为均值 {mean}、标准差 {deviation}。",
    en: "Distance from the mean of those compared in standard deviations, laid on a mean of {mean} and a deviation of {deviation}.",
  },
  percentileRank: {
    zh: "比较对象中不如本单位者所占比例，换算为 {low} 至 {high} 分。",
    en: "Share of those compared that are worse, from {low} to {high} points.",
  },
  rank: {
    zh: "名次分：最差得 1 分，每超过一个比较对象加 1 分。",
    en: "Points by rank: 1 for the worst of those compared, one more for each that is outdone.",
  },
  borda: {
    zh: "博达计分：每超过一个比较对象得 1 分。",
    en: "Borda count: one point for each of those compared that is outdone.",
  },
  distanceToTarget: {
    zh: "最差值得 {low} 分，目标值 {target} 得 {high} 分，其间线性。",
    en: "{low} points at the worst value, {high} at the target of {target}, linear between.",
  },
  distanceToReference: {
    zh: "最差值得 {low} 分，{entity} 的值得 {high} 分，其间线性。",
    en: "{low} points at the worst value, {high} at that of {entity}, linear between.",
  },
  fractionOfBest: {
    zh: "指标值与最好值之比，换算为 {low} 至 {high} 分。",
    en: "Fraction of the best value, from {low} to {high} points.",
  },
  scaled: {
    zh: "{low} 与 {high} 之间线性换算为 0 至 100 分，超出部分不封顶；方向由指标决定。",
    en: "Linear between {low} and {high}, which become 0 and 100 points (the other way round where lower is better), not capped.",
  },
} as const;
