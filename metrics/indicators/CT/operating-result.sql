/*
title: { zh: "三年运行结果占收入比重", en: "Operating result of three years to their revenue" }
clause: CT
levels: [town]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
evidence: state
scale: 100
numerator:
  zh: "同三个财政年度的运行结果之和（美元）"
  en: "Dollars of the operating results of the same three fiscal years"
denominator:
  zh: "最近三个财政年度普通基金收入之和（美元）；不足三年的不评"
  en: "Dollars of general fund revenue of the last three fiscal years; with fewer than three there is no value"
minimum_sample: 3
rollup: false
reads: { debt_position: [operating_result+, budget_revenue+, source_grade] }
source: { zh: "康涅狄格州政策与管理办公室（OPM）《市镇财政指标》：运行盈余（赤字），含其他来源与用途；取三年系自行选定", en: "Connecticut OPM, Municipal Fiscal Indicators: operating surplus (deficit) including sources and uses; three years are our choice" }
note:
  zh: "次年文件重述的数在其公布后取代原数"
  en: "A figure restated in the next year's file takes the place of the first one once it is known"
*/
SELECT
  p.period,
  d.entity_id,
  d.as_at AS occurred_on,
  coalesce(r.operating_result, d.operating_result) AS numerator,
  coalesce(d.budget_revenue, 0) AS denominator,
  'FY' || CAST(extract(year FROM d.as_at) AS VARCHAR) AS category,
  coalesce(r.operating_result, d.operating_result) IS NULL OR d.budget_revenue IS NULL AS excluded,
  d.record_key,
  CASE WHEN r.operating_result <> d.operating_result THEN r.file_id ELSE d.file_id END AS file_id,
  CASE WHEN r.operating_result <> d.operating_result THEN r.line ELSE d.line END AS line
FROM period p
JOIN known.debt_position d
  ON d.source_grade = 'reported' AND d.as_at <= p."end" AND d.as_at > p."end" - INTERVAL '3' YEAR
LEFT JOIN known.debt_position r
  ON r.source_grade = 'restated' AND r.entity_id = d.entity_id AND r.as_at = d.as_at
