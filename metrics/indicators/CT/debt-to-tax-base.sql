/*
title: { zh: "债务占应税财产比重", en: "Bonded debt to taxable property" }
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
  zh: "按市值均衡的应税财产净值（美元）"
  en: "Dollars of taxable property at full market value (equalised net grand list)"
rollup: false
reads: { debt_position: [total_debt, tax_base, source_grade] }
source: { zh: "穆迪《美国地方政府一般责任债务》（2014）：直接债务净额／财产全值", en: "Moody's, US Local Government General Obligation Debt (2014): net direct debt / full value" }
note:
  zh: "含该镇在区域学区债务中的份额"
  en: "With the town's share of its regional school district's bonds"
*/
SELECT
  d.entity_id,
  d.as_at AS occurred_on,
  d.total_debt AS numerator,
  coalesce(d.tax_base, 0) AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  d.total_debt IS NULL OR d.tax_base IS NULL AS excluded,
  d.record_key,
  d.file_id,
  d.line
FROM known.debt_position d
WHERE d.source_grade = 'reported'
