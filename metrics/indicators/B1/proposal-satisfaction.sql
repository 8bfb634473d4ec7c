/*
title: { zh: "建议提案满意率", en: "Suggestions and proposals answered to satisfaction" }
clause: B1
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "评价为满意或基本满意的"
  en: "Those rated satisfied or basically satisfied"
denominator:
  zh: "窗口内答复的建议和提案；未作评价的不计入"
  en: "Suggestions and proposals answered in the window; those not rated are left out"
minimum_sample: 3
reads: { proposal: [replied_on, satisfaction] }
source: { zh: "青信用〔2018〕2号 二（二）1", en: "Qingdao Credit Office, No. 2 of 2018, II(2)1" }
*/
SELECT
  entity_id,
  replied_on AS occurred_on,
  CASE WHEN satisfaction IN ('satisfied', 'basically_satisfied') THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  kind AS category,
  satisfaction IS NULL AS excluded,
  record_key, file_id, line
FROM known.proposal
WHERE replied_on IS NOT NULL
