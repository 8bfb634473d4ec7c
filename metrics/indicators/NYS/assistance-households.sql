/*
title: { zh: "领取公共救助的家庭比重", en: "Households with public assistance" }
clause: NYS
levels: [county, city, town, village]
unit: { zh: "%", en: "%" }
direction: lower
aggregate: ratio
evidence: state
scale: 100
numerator:
  zh: "领取公共救助的家庭数"
  en: "Households with public assistance"
denominator:
  zh: "家庭总数"
  en: "Households"
rollup: false
reads: [observation]
source: { zh: "纽约州主计长办公室《财政压力监测系统》2019年市镇工作簿，环境指标2", en: "Office of the New York State Comptroller, Fiscal Stress Monitoring System, 2019 workbook of municipalities, environmental indicator 2" }
note:
  zh: "数据截至上一年"
  en: "The figures are those of the year before"
*/
SELECT
  p.period,
  a.entity_id,
  a.as_at AS occurred_on,
  a.value AS numerator,
  coalesce(b.value, 0) AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  b.value IS NULL AS excluded,
  a.record_key,
  a.file_id,
  a.line
FROM period p
JOIN known.observation a
  ON a.measure = 'assistance-households' AND a.as_at = CAST(p."end" - INTERVAL '1' YEAR AS DATE)
LEFT JOIN known.observation b
  ON b.entity_id = a.entity_id AND b.as_at = a.as_at AND b.measure = 'households'
