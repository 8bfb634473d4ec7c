/*
title: { zh: "债务超限额", en: "Debt above its limit" }
clause: C5
levels: [district]
unit: { zh: "次", en: "positions" }
direction: lower
aggregate: list
numerator:
  zh: "不适用：逐条列出"
  en: "Not applicable: single positions are listed"
denominator:
  zh: "不适用：逐条列出"
  en: "Not applicable: single positions are listed"
rollup: false
when_empty: zero
reads: { debt_position: [total_debt, debt_limit] }
source: { zh: "预算法第35条（余额不得超过限额）；青信用〔2018〕2号 二（三）5", en: "Budget Law, Art. 35 (the balance may not exceed the limit); Qingdao Credit Office, No. 2 of 2018, II(3)5" }
*/
SELECT
  entity_id,
  as_at AS occurred_on,
  -- A position stands until the next one, so that at most one counts at any time.
  next_at AS ended_on,
  total_debt - debt_limit AS numerator,
  1 AS denominator,
  'over_limit' AS category,
  debt_limit <= 0 AS excluded,
  record_key, file_id, line
FROM (
  SELECT d.*,
    lead(as_at) OVER (PARTITION BY entity_id ORDER BY as_at, frequency DESC, record_key) AS next_at
  FROM known.debt_position d
  WHERE scope = 'statutory'
    AND total_debt IS NOT NULL
    AND debt_limit IS NOT NULL
) AS positions
WHERE total_debt > debt_limit
