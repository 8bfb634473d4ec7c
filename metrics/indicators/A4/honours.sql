/*
title: { zh: "荣誉表彰", en: "Honours" }
clause: A4
levels: [district, department, township]
unit: { zh: "项", en: "honours" }
direction: higher
aggregate: list
numerator:
  zh: "不适用：逐条列出"
  en: "Not applicable: single records are listed"
denominator:
  zh: "不适用：逐条列出"
  en: "Not applicable: single records are listed"
rollup: false
when_empty: zero
reads: { honour: [revoked_on?] }
source: { zh: "青信用〔2018〕2号 二（一）4（守信激励）", en: "Qingdao Credit Office, No. 2 of 2018, II(1)4 (incentives for trustworthiness)" }
*/
SELECT
  entity_id,
  awarded_on AS occurred_on,
  revoked_on AS ended_on,
  CAST(NULL AS DECIMAL(18,2)) AS numerator,
  1 AS denominator,
  rank AS category,
  -- Taken away before it was given: one of the two dates is wrong.
  coalesce(revoked_on < awarded_on, false) AS excluded,
  record_key, file_id, line
FROM known.honour
