/*
title: { zh: "偿债支出占支出比重", en: "Debt service to spending" }
clause: CT
levels: [town]
unit: { zh: "%", en: "%" }
direction: lower
aggregate: ratio
scale: 100
numerator:
  zh: "偿债支出（美元）"
  en: "Dollars of debt service"
denominator:
  zh: "财政年度普通基金支出（美元）"
  en: "Dollars of general fund spending of the fiscal year"
rollup: false
reads: { debt_position: [debt_service, budget_spending, general_debt, source_grade] }
source: { zh: "康涅狄格州政策与管理办公室（OPM）《市镇财政指标》：偿债支出占支出的百分比", en: "Connecticut OPM, Municipal Fiscal Indicators: debt service as % of expenditures" }
note:
  zh: "有镇债而偿债为零，视为缺数，不计入；区域学区债务由学区偿付"
  en: "Zero debt service beside town bonds is a gap and left out; a regional district serves its own bonds"
*/
SELECT
  d.entity_id,
  d.as_at AS occurred_on,
  d.debt_service AS numerator,
  coalesce(d.budget_spending, 0) AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  d.debt_service IS NULL OR d.budget_spending IS NULL OR (d.debt_service = 0 AND d.general_debt > 0) AS excluded,
  d.record_key,
  d.file_id,
  d.line
FROM known.debt_position d
WHERE d.source_grade = 'reported'
