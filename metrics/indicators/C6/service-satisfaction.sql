/*
title: { zh: "服务承诺满意率", en: "Service commitments fulfilled to satisfaction" }
clause: C6
levels: [district, township]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "评价为满意或基本满意的"
  en: "Those rated satisfied or basically satisfied"
denominator:
  zh: "窗口内兑现的服务承诺；未评价的不计入"
  en: "Service commitments fulfilled in the window; those not rated are left out"
minimum_sample: 3
reads: { service_commitment: [fulfilled_on, satisfaction] }
source: { zh: "青信用〔2018〕2号 二（三）6", en: "Qingdao Credit Office, No. 2 of 2018, II(3)6" }
*/
SELECT
  entity_id,
  fulfilled_on AS occurred_on,
  CASE WHEN satisfaction IN ('satisfied', 'basically_satisfied') THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  field AS category,
  satisfaction IS NULL AS excluded,
  record_key, file_id, line
FROM known.service_commitment
WHERE fulfilled_on IS NOT NULL
