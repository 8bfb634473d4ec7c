/*
title: { zh: "家庭收入中位数", en: "Median household income" }
clause: NYS
levels: [county, city, town, village]
unit: { zh: "美元", en: "US dollars" }
direction: higher
aggregate: ratio
evidence: state
scale: 1
numerator:
  zh: "家庭收入中位数（美元）"
  en: "Dollars of the median household income"
denominator:
  zh: "一个单位一个数"
  en: "One figure for each body"
rollup: false
reads: [observation]
source: { zh: "纽约州主计长办公室《财政压力监测系统》2019年市镇工作簿，环境指标5", en: "Office of the New York State Comptroller, Fiscal Stress Monitoring System, 2019 workbook of municipalities, environmental indicator 5" }
note:
  zh: "数据截至上一年"
  en: "The figures are those of the year before"
*/
SELECT
  p.period,
  a.entity_id,
  a.as_at AS occurred_on,
  a.value AS numerator,
  1 AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  false AS excluded,
  a.record_key,
  a.file_id,
  a.line
FROM period p
JOIN known.observation a
  ON a.measure = 'household-income' AND a.as_at = CAST(p."end" - INTERVAL '1' YEAR AS DATE)
