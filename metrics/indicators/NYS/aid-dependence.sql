/*
title: { zh: "州与联邦补助占收入比重（三年平均）", en: "State and federal aid to revenue, mean of three years" }
clause: NYS
levels: [county, city, town, village]
unit: { zh: "%", en: "%" }
direction: lower
aggregate: ratio
evidence: state
scale: 1
numerator:
  zh: "每年州与联邦补助占收入的百分比"
  en: "State and federal aid as per cent of revenue, of each year"
denominator:
  zh: "三个财政年度，逐年比例的平均；不足三年的不评"
  en: "Three fiscal years, the mean of their shares; with fewer there is no value"
minimum_sample: 3
rollup: false
reads: [observation]
source: { zh: "纽约州主计长办公室《财政压力监测系统》2019年市镇工作簿，环境指标7", en: "Office of the New York State Comptroller, Fiscal Stress Monitoring System, 2019 workbook of municipalities, environmental indicator 7" }
note:
  zh: "五大城市中四市的收入不含其学校"
  en: "The revenue of Buffalo, Rochester, Syracuse and Yonkers is without their schools'"
*/
SELECT
  p.period,
  a.entity_id,
  a.as_at AS occurred_on,
  CASE WHEN b.value > 0 THEN 100 * a.value / b.value END AS numerator,
  1 AS denominator,
  'FY' || CAST(extract(year FROM a.as_at) AS VARCHAR) AS category,
  b.value IS NULL OR b.value <= 0 AS excluded,
  a.record_key,
  a.file_id,
  a.line
FROM period p
JOIN known.observation a
  ON a.measure = 'state-federal-aid' AND a.as_at <= p."end" AND a.as_at > p."end" - INTERVAL '3' YEAR
LEFT JOIN known.observation b
  ON b.entity_id = a.entity_id AND b.as_at = a.as_at AND b.measure = 'revenues-without-schools'
