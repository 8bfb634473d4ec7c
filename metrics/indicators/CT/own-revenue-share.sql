/*
title: { zh: "自有收入比重", en: "Revenue that does not come from other governments" }
clause: CT
levels: [town]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "不来自其他政府的收入（美元）"
  en: "Dollars of revenue that does not come from other governments"
denominator:
  zh: "财政年度普通基金收入（美元）"
  en: "Dollars of general fund revenue of the fiscal year"
rollup: false
reads: { debt_position: [budget_revenue, transfer_revenue, source_grade] }
source: { zh: "康涅狄格州政策与管理办公室（OPM）《市镇财政指标》：政府间收入占收入的百分比（取其补数）", en: "Connecticut OPM, Municipal Fiscal Indicators: intergovernmental revenue as % of revenue (its complement)" }
*/
SELECT
  d.entity_id,
  d.as_at AS occurred_on,
  d.budget_revenue - d.transfer_revenue AS numerator,
  coalesce(d.budget_revenue, 0) AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  d.budget_revenue IS NULL OR d.transfer_revenue IS NULL AS excluded,
  d.record_key,
  d.file_id,
  d.line
FROM known.debt_position d
WHERE d.source_grade = 'reported'
