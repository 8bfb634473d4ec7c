/*
title: { zh: "现金对净流动负债的比率", en: "Cash to net current liabilities" }
clause: NYS
levels: [county, city, town, village]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "现金（美元）"
  en: "Dollars of cash"
denominator:
  zh: "流动负债减应收税款（美元）；为零或为负时视为完全覆盖"
  en: "Dollars of current liabilities less taxes receivable; none or less than none counts as covered"
rollup: false
reads: [observation]
source: { zh: "纽约州主计长办公室《财政压力监测系统》2019年市镇工作簿，财政指标4", en: "Office of the New York State Comptroller, Fiscal Stress Monitoring System, 2019 workbook of municipalities, fiscal indicator 4" }
note:
  zh: "净流动负债为零或为负时没有比率，主计长记零分压力，这里记为 1 比 1（100%）"
  en: "Without net current liabilities there is no ratio, and the Comptroller gives no points; such a body counts as 1 of 1 (100 %) here"
*/
SELECT
  c.entity_id,
  c.as_at AS occurred_on,
  CASE WHEN coalesce(l.value, 0) > coalesce(t.value, 0) THEN c.value ELSE 1 END AS numerator,
  CASE WHEN coalesce(l.value, 0) > coalesce(t.value, 0) THEN coalesce(l.value, 0) - coalesce(t.value, 0) ELSE 1 END AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  false AS excluded,
  c.record_key,
  c.file_id,
  c.line
FROM known.observation c
LEFT JOIN known.observation l
  ON l.entity_id = c.entity_id AND l.as_at = c.as_at AND l.measure = 'current-liabilities'
LEFT JOIN known.observation t
  ON t.entity_id = c.entity_id AND t.as_at = c.as_at AND t.measure = 'taxes-receivable'
WHERE c.measure = 'cash-and-investments'
