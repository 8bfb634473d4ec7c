/*
title: { zh: "建议提案落实率", en: "Suggestions and proposals carried out" }
clause: B1
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "办理结果为已落实的，不含列入计划的和仅作说明的"
  en: "Those whose outcome is “implemented”; neither planned nor merely explained"
denominator:
  zh: "窗口内答复的建议和提案；办理结果未记载的不计入"
  en: "Suggestions and proposals answered in the window; those without a recorded outcome are left out"
minimum_sample: 3
reads: { proposal: [replied_on, outcome] }
source: { zh: "青信用〔2018〕2号 二（二）1", en: "Qingdao Credit Office, No. 2 of 2018, II(2)1" }
*/
SELECT
  entity_id,
  replied_on AS occurred_on,
  CASE WHEN outcome = 'implemented' THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  kind AS category,
  outcome IS NULL AS excluded,
  record_key, file_id, line
FROM known.proposal
WHERE replied_on IS NOT NULL
