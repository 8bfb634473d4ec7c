/*
title: { zh: "三年中出现运行赤字的年数", en: "Years with an operating deficit, of three" }
clause: NYS
levels: [county, city, town, village]
unit: { zh: "年", en: "years" }
direction: lower
aggregate: ratio
evidence: state
scale: 3
numerator:
  zh: "出现运行赤字的年度"
  en: "Years with an operating deficit"
denominator:
  zh: "三个财政年度；不足三年的不评"
  en: "Three fiscal years; with fewer there is no value"
minimum_sample: 3
rollup: false
reads: [observation]
source: { zh: "纽约州主计长办公室《财政压力监测系统》2019年市镇工作簿，财政指标3", en: "Office of the New York State Comptroller, Fiscal Stress Monitoring System, 2019 workbook of municipalities, fiscal indicator 3" }
note:
  zh: "差额占支出的比例四舍五入到四位小数后小于零才算赤字"
  en: "A year counts once its result, as a share of spending rounded to four decimals, is below zero"
*/
SELECT
  p.period,
  s.entity_id,
  s.as_at AS occurred_on,
  CASE WHEN CAST((r.value - s.value) / s.value AS DECIMAL(24,4)) < 0 THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  'FY' || CAST(extract(year FROM s.as_at) AS VARCHAR) AS category,
  r.value IS NULL OR s.value = 0 AS excluded,
  s.record_key,
  s.file_id,
  s.line
FROM period p
JOIN known.observation s
  ON s.measure = 'combined-expenditures' AND s.as_at <= p."end" AND s.as_at > p."end" - INTERVAL '3' YEAR
LEFT JOIN known.observation r
  ON r.entity_id = s.entity_id AND r.as_at = s.as_at AND r.measure = 'combined-revenues'
