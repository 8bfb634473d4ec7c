/*
title: { zh: "未受限现金占月均支出比重", en: "Unreserved cash to a month's spending" }
clause: NYS
levels: [county, city, town, village]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 1200
numerator:
  zh: "未受限现金（美元）"
  en: "Dollars of unreserved cash"
denominator:
  zh: "合并基金月均支出（年支出除以十二，美元）"
  en: "Dollars of a month's spending of the combined funds, a twelfth of the year's"
rollup: false
reads: [observation]
source: { zh: "纽约州主计长办公室《财政压力监测系统》2019年市镇工作簿，财政指标5", en: "Office of the New York State Comptroller, Fiscal Stress Monitoring System, 2019 workbook of municipalities, fiscal indicator 5" }
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
  ON b.entity_id = a.entity_id AND b.as_at = a.as_at AND b.measure = 'combined-expenditures'
WHERE a.measure = 'unreserved-cash'
