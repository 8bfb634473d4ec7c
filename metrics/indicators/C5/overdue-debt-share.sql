/*
title: { zh: "逾期债务率", en: "Debt overdue" }
clause: C5
levels: [district]
unit: { zh: "%", en: "%" }
direction: lower
aggregate: ratio
evidence: state
scale: 100
numerator:
  zh: "同一期的逾期债务（元）"
  en: "Yuan of overdue debt at the same position"
denominator:
  zh: "窗口内最近一期的债务余额（元）；余额未知或不为正的不计入"
  en: "Yuan of debt at the newest position in the window; an unknown balance, or one that is not positive, is left out"
rollup: false
audience: internal
reads: { debt_position: [overdue_debt, total_debt] }
source: { zh: "国办函〔2016〕88号；青信用〔2018〕2号 二（三）5", en: "General Office of the State Council, letter No. 88 of 2016; Qingdao Credit Office, No. 2 of 2018, II(3)5" }
*/
SELECT
  entity_id,
  period,
  as_at AS occurred_on,
  overdue_debt AS numerator,
  coalesce(total_debt, 0) AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  coalesce(total_debt, 0) <= 0 AS excluded,
  record_key, file_id, line
FROM (
  SELECT d.*, p.period,
    row_number() OVER (PARTITION BY p.period, d.entity_id ORDER BY d.as_at DESC, d.frequency, d.record_key) AS age
  FROM known.debt_position d
  JOIN period p ON d.as_at <= p."end" AND d.as_at >= p.window_start
  WHERE d.scope = 'statutory'
    AND d.overdue_debt IS NOT NULL
) AS newest
WHERE age = 1
