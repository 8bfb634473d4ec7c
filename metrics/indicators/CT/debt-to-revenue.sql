/*
title: { zh: "债务占收入比重", en: "Bonded debt to revenue" }
clause: CT
levels: [town]
unit: { zh: "%", en: "%" }
direction: lower
aggregate: ratio
scale: 100
numerator:
  zh: "债券债务（美元）"
  en: "Dollars of bonded debt"
denominator:
  zh: "财政年度普通基金收入（美元）"
  en: "Dollars of general fund revenue of the fiscal year"
rollup: false
reads: { debt_position: [total_debt, budget_revenue, source_grade] }
source: { zh: "穆迪《美国地方政府一般责任债务》（2014）：直接债务净额／运营收入", en: "Moody's, US Local Government General Obligation Debt (2014): net direct debt / operating revenues" }
note:
  zh: "含该镇在区域学区债务中的份额"
  en: "With the town's share of its regional school district's bonds"
*/
SELECT
  d.entity_id,
  d.as_at AS occurred_on,
  d.total_debt AS numerator,
  coalesce(d.budget_revenue, 0) AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  d.total_debt IS NULL OR d.budget_revenue IS NULL AS excluded,
  d.record_key,
  d.file_id,
  d.line
FROM known.debt_position d
WHERE d.source_grade = 'reported'
