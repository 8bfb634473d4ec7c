/*
title: { zh: "18 岁以下与 65 岁以上人口比重", en: "Inhabitants under 18 and over 65" }
clause: NYS
levels: [county, city, town, village]
unit: { zh: "%", en: "%" }
direction: lower
aggregate: ratio
evidence: state
scale: 100
numerator:
  zh: "18岁以下与65岁以上人口的百分比"
  en: "Inhabitants under 18 and over 65, as per cent"
denominator:
  zh: "全部人口，以百分数计"
  en: "All inhabitants, as per cent"
rollup: false
reads: [observation]
source: { zh: "纽约州主计长办公室《财政压力监测系统》2019年市镇工作簿，环境指标3", en: "Office of the New York State Comptroller, Fiscal Stress Monitoring System, 2019 workbook of municipalities, environmental indicator 3" }
note:
  zh: "数据截至上一年"
  en: "The figures are those of the year before"
*/
SELECT
  p.period,
  a.entity_id,
  a.as_at AS occurred_on,
  100 - a.value + b.value AS numerator,
  100 AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  b.value IS NULL AS excluded,
  a.record_key,
  a.file_id,
  a.line
FROM period p
JOIN known.observation a
  ON a.measure = 'adult-share' AND a.as_at = CAST(p."end" - INTERVAL '1' YEAR AS DATE)
LEFT JOIN known.observation b
  ON b.entity_id = a.entity_id AND b.as_at = a.as_at AND b.measure = 'elderly-share'
