/*
title: { zh: "人员经费占收入比重（三年平均）", en: "Personal services and benefits to revenue, mean of three years" }
clause: NYS
levels: [county, city, town, village]
unit: { zh: "%", en: "%" }
direction: lower
aggregate: ratio
evidence: state
scale: 1
numerator:
  zh: "每年人员经费占收入的百分比"
  en: "Personal services and benefits as per cent of revenue, of each year"
denominator:
  zh: "三个财政年度，逐年比例的平均；不足三年的不评"
  en: "Three fiscal years, the mean of their shares; with fewer there is no value"
minimum_sample: 3
rollup: false
reads: [observation]
source: { zh: "纽约州主计长办公室《财政压力监测系统》2019年市镇工作簿，财政指标8", en: "Office of the New York State Comptroller, Fiscal Stress Monitoring System, 2019 workbook of municipalities, fiscal indicator 8" }
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
  ON a.measure = 'personnel-cost' AND a.as_at <= p."end" AND a.as_at > p."end" - INTERVAL '3' YEAR
LEFT JOIN known.observation b
  ON b.entity_id = a.entity_id AND b.as_at = a.as_at AND b.measure = 'all-funds-revenues'
