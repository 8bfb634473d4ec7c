/*
title: { zh: "质疑按时答复率", en: "Challenges answered within seven working days" }
clause: C1
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "收到之日起7个工作日内答复的"
  en: "Those answered within seven working days of receipt"
denominator:
  zh: "答复期限（收到质疑之日起7个工作日）在窗口内届满的质疑；答复早于收到的不计入；取消的合同不计入"
  en: "Challenges whose limit of seven working days from receipt ran out in the window; those dated as answered before receipt are left out; cancelled contracts are left out"
minimum_sample: 2
reads: { contract: [challenge_received_on, challenge_answered_on, stage?] }
source: { zh: "政府采购法第53条；青信用〔2018〕2号 二（三）1", en: "Government Procurement Law, Art. 53; Qingdao Credit Office, No. 2 of 2018, II(3)1" }
*/
SELECT
  entity_id,
  working_day_after(challenge_received_on, 7) AS occurred_on,
  CASE WHEN working_days_between(challenge_received_on, challenge_answered_on) <= 7 THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  coalesce(challenge_answered_on < challenge_received_on, false) AS excluded,
  record_key, file_id, line
FROM known.contract
WHERE kind = 'procurement'
  AND stage IS DISTINCT FROM 'cancelled'
  AND challenge_received_on IS NOT NULL
