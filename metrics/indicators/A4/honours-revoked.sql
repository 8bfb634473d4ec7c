/*
title: { zh: "荣誉撤销", en: "Honours revoked" }
clause: A4
levels: [district, department, township]
unit: { zh: "项", en: "honours" }
direction: lower
aggregate: list
numerator:
  zh: "不适用：逐条列出"
  en: "Not applicable: single records are listed"
denominator:
  zh: "不适用：逐条列出"
  en: "Not applicable: single records are listed"
rollup: false
when_empty: zero
reads: { honour: [revoked_on] }
source: { zh: "青信用〔2018〕2号 二（一）4（取消荣誉）", en: "Qingdao Credit Office, No. 2 of 2018, II(1)4 (withdrawal of honours)" }
*/
SELECT
  entity_id,
  revoked_on AS occurred_on,
  CAST(NULL AS DATE) AS ended_on,
  CAST(NULL AS DECIMAL(18,2)) AS numerator,
  1 AS denominator,
  rank AS category,
  revoked_on < awarded_on AS excluded,
  record_key, file_id, line
FROM known.honour
WHERE revoked_on IS NOT NULL
