/*
title: { zh: "普通基金结余占支出比重", en: "Total fund balance to spending" }
clause: NYS
levels: [county, city, town, village]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "普通基金结余（美元）"
  en: "Dollars of the general fund's balance"
denominator:
  zh: "普通基金总支出及其他用途（含转移，美元）"
  en: "Dollars of the general fund's gross expenditures and other uses, transfers included"
rollup: false
reads: [observation]
source: { zh: "纽约州主计长办公室《财政压力监测系统》2019年市镇工作簿，财政指标2", en: "Office of the New York State Comptroller, Fiscal Stress Monitoring System, 2019 workbook of municipalities, fiscal indicator 2" }
*/
SELECT
  a.entity_id,
  a.as_at AS occurred_on,
  a.value AS numerator,
  coalesce(b.value, 0) AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  b.value IS NULL AS excluded,
  a.record_key,
  a.file_id,
  a.line
FROM known.observation a
LEFT JOIN known.observation b
  ON b.entity_id = a.entity_id AND b.as_at = a.as_at AND b.measure = 'general-fund-expenditures'
WHERE a.measure = 'general-fund-balance'
