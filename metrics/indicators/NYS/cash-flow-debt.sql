/*
title: { zh: "短期资金周转债占收入比重", en: "Short-term cash-flow debt to revenue" }
clause: NYS
levels: [county, city, town, village]
unit: { zh: "%", en: "%" }
direction: lower
aggregate: ratio
scale: 100
numerator:
  zh: "发行的短期资金周转债（美元）"
  en: "Dollars of short-term cash-flow debt issued"
denominator:
  zh: "普通基金收入（不含转移，美元）"
  en: "Dollars of the general fund's revenues, without transfers"
rollup: false
reads: [observation]
source: { zh: "纽约州主计长办公室《财政压力监测系统》2019年市镇工作簿，财政指标6", en: "Office of the New York State Comptroller, Fiscal Stress Monitoring System, 2019 workbook of municipalities, fiscal indicator 6" }
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
  ON b.entity_id = a.entity_id AND b.as_at = a.as_at AND b.measure = 'general-fund-revenues'
WHERE a.measure = 'cash-flow-debt-issued'
