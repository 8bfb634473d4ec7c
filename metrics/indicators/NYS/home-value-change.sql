/*
title: { zh: "五年房价变化", en: "Change in home values over five years" }
clause: NYS
levels: [county, city, town, village]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
evidence: state
scale: 100
numerator:
  zh: "五年间自住房价中位数之差（美元）"
  en: "Dollars by which the median value of owner-occupied homes changed in five years"
denominator:
  zh: "五年前自住房的中位价值（美元）"
  en: "Dollars of the median value of owner-occupied homes five years before"
rollup: false
reads: [observation]
source: { zh: "纽约州主计长办公室《财政压力监测系统》2019年市镇工作簿，环境指标4", en: "Office of the New York State Comptroller, Fiscal Stress Monitoring System, 2019 workbook of municipalities, environmental indicator 4" }
note:
  zh: "数据截至上一年"
  en: "The figures are those of the year before"
*/
SELECT
  p.period,
  n.entity_id,
  n.as_at AS occurred_on,
  n.value - o.value AS numerator,
  coalesce(o.value, 0) AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  o.value IS NULL AS excluded,
  n.record_key,
  n.file_id,
  n.line
FROM period p
JOIN known.observation n
  ON n.measure = 'home-value' AND n.as_at = CAST(p."end" - INTERVAL '1' YEAR AS DATE)
LEFT JOIN known.observation o
  ON o.entity_id = n.entity_id AND o.measure = 'home-value' AND o.as_at = CAST(p."end" - INTERVAL '6' YEAR AS DATE)
