/*
title: { zh: "其他退休福利净负债占收入比重", en: "Net liability for other retirement benefits to revenue" }
clause: CT
levels: [town]
unit: { zh: "%", en: "%" }
direction: lower
aggregate: ratio
scale: 100
numerator:
  zh: "其他退休福利净负债（美元）"
  en: "Dollars of net liability for other retirement benefits"
denominator:
  zh: "财政年度普通基金收入（美元）"
  en: "Dollars of general fund revenue of the fiscal year"
rollup: false
reads: { debt_position: [other_benefit_liability, budget_revenue, source_grade] }
source: { zh: "GASB 第75号公告（2017年6月15日起的财政年度）：其他退休福利（OPEB）净负债", en: "GASB Statement 75 (fiscal years from 15 June 2017): net OPEB liability" }
note:
  zh: "仅 2018 财政年度有"
  en: "There in fiscal year 2018 only"
*/
SELECT
  d.entity_id,
  d.as_at AS occurred_on,
  d.other_benefit_liability AS numerator,
  coalesce(d.budget_revenue, 0) AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  d.other_benefit_liability IS NULL OR d.budget_revenue IS NULL AS excluded,
  d.record_key,
  d.file_id,
  d.line
FROM known.debt_position d
WHERE d.source_grade = 'reported'
