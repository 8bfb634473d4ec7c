/*
title: { zh: "五年人口变化", en: "Change in population over five years" }
clause: NYS
levels: [county, city, town, village]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
evidence: state
scale: 100
numerator:
  zh: "五年间人口之差"
  en: "Inhabitants by which the population changed in five years"
denominator:
  zh: "五年前的人口"
  en: "Inhabitants five years before"
rollup: false
reads: [observation]
source: { zh: "纽约州主计长办公室《财政压力监测系统》2019年市镇工作簿，环境指标1", en: "Office of the New York State Comptroller, Fiscal Stress Monitoring System, 2019 workbook of municipalities, environmental indicator 1" }
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
  ON n.measure = 'population' AND n.as_at = CAST(p."end" - INTERVAL '1' YEAR AS DATE)
LEFT JOIN known.observation o
  ON o.entity_id = n.entity_id AND o.measure = 'population' AND o.as_at = CAST(p."end" - INTERVAL '6' YEAR AS DATE)
