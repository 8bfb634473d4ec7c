/*
title: { zh: "人均债务", en: "Bonded debt per inhabitant" }
clause: CT
levels: [town]
unit: { zh: "美元", en: "US dollars" }
direction: lower
aggregate: ratio
scale: 1
numerator:
  zh: "债券债务（美元）"
  en: "Dollars of bonded debt"
denominator:
  zh: "人口"
  en: "Inhabitants"
rollup: false
reads: { debt_position: [total_debt, population, source_grade] }
source: { zh: "康涅狄格州政策与管理办公室（OPM）《市镇财政指标》：人均债务", en: "Connecticut OPM, Municipal Fiscal Indicators: debt per capita" }
*/
SELECT
  d.entity_id,
  d.as_at AS occurred_on,
  d.total_debt AS numerator,
  coalesce(d.population, 0) AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  d.total_debt IS NULL OR d.population IS NULL AS excluded,
  d.record_key,
  d.file_id,
  d.line
FROM known.debt_position d
WHERE d.source_grade = 'reported'
