/*
title: { zh: "债务限额使用率", en: "Debt to its limit" }
clause: C5
levels: [district]
unit: { zh: "%", en: "%" }
direction: lower
aggregate: ratio
evidence: state
scale: 100
numerator:
  zh: "同一期的法定债务余额（元）"
  en: "Yuan of statutory debt at the same position"
denominator:
  zh: "窗口内最近一期的债务限额（元）；限额未知或不为正的不计入"
  en: "Yuan of the debt limit at the newest position in the window; an unknown limit, or one that is not positive, is left out"
rollup: false
reads: { debt_position: [total_debt, debt_limit] }
source: { zh: "预算法第35条（余额不得超过限额）；青信用〔2018〕2号 二（三）5", en: "Budget Law, Art. 35 (the balance may not exceed the limit); Qingdao Credit Office, No. 2 of 2018, II(3)5" }
*/
SELECT
  entity_id,
  period,
  as_at AS occurred_on,
  total_debt AS numerator,
  coalesce(debt_limit, 0) AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  coalesce(debt_limit, 0) <= 0 AS excluded,
  record_key, file_id, line
FROM (
  SELECT d.*, p.period,
    row_number() OVER (PARTITION BY p.period, d.entity_id ORDER BY d.as_at DESC, d.frequency, d.record_key) AS age
  FROM known.debt_position d
  JOIN period p ON d.as_at <= p."end" AND d.as_at >= p.window_start
  WHERE d.scope = 'statutory'
    AND d.total_debt IS NOT NULL
) AS newest
WHERE age = 1
