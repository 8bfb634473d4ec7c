/*
title: { zh: "连续发行短期资金周转债的年数", en: "Consecutive years of short-term cash-flow debt" }
clause: NYS
levels: [county, city, town, village]
unit: { zh: "年", en: "years" }
direction: lower
aggregate: ratio
evidence: state
scale: 3
numerator:
  zh: "自本年度往回连续发行短期资金周转债的年度"
  en: "Years that issued cash-flow debt, counted back from the year itself without a gap"
denominator:
  zh: "最近三个财政年度"
  en: "The last three fiscal years"
minimum_sample: 3
rollup: false
reads: [observation]
source: { zh: "纽约州主计长办公室《财政压力监测系统》2019年市镇工作簿，财政指标7", en: "Office of the New York State Comptroller, Fiscal Stress Monitoring System, 2019 workbook of municipalities, fiscal indicator 7" }
note:
  zh: "从本年往前数，中断即止；工作簿只列出发过债的单位，其余视为未发"
  en: "Counted back from the year itself until a year without; the workbook lists only those that issued some, the others issued none"
*/
SELECT
  p.period,
  f.entity_id,
  f.as_at AS occurred_on,
  CASE WHEN EXISTS (
    SELECT 1
    FROM known.observation y
    LEFT JOIN known.observation d
      ON d.entity_id = y.entity_id AND d.as_at = y.as_at AND d.measure = 'cash-flow-debt-issued'
    WHERE y.measure = 'combined-expenditures' AND y.entity_id = f.entity_id AND y.as_at >= f.as_at AND y.as_at <= p."end" AND coalesce(d.value, 0) = 0
  ) THEN 0 ELSE 1 END AS numerator,
  1 AS denominator,
  'FY' || CAST(extract(year FROM f.as_at) AS VARCHAR) AS category,
  false AS excluded,
  f.record_key,
  f.file_id,
  f.line
FROM period p
JOIN known.observation f
  ON f.measure = 'combined-expenditures' AND f.as_at <= p."end" AND f.as_at > p."end" - INTERVAL '3' YEAR
