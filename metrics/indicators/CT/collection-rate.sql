/*
title: { zh: "当年税收征收率", en: "Taxes of the year collected" }
clause: CT
levels: [town]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "当年征收的税款（美元）"
  en: "Dollars of the year's taxes collected"
denominator:
  zh: "当年应征税额（调整后，美元）"
  en: "Dollars of the year's adjusted levy"
rollup: false
reads: { debt_position: [tax_collected, tax_levied, source_grade] }
source: { zh: "康涅狄格州政策与管理办公室（OPM）《市镇财政指标》：当年税收征收率", en: "Connecticut OPM, Municipal Fiscal Indicators: current year tax collection rate" }
*/
SELECT
  d.entity_id,
  d.as_at AS occurred_on,
  d.tax_collected AS numerator,
  coalesce(d.tax_levied, 0) AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  d.tax_collected IS NULL OR d.tax_levied IS NULL AS excluded,
  d.record_key,
  d.file_id,
  d.line
FROM known.debt_position d
WHERE d.source_grade = 'reported'
