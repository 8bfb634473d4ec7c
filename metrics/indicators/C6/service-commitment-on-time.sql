/*
title: { zh: "服务承诺按时兑现率", en: "Service commitments fulfilled on time" }
clause: C6
levels: [district, township]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "在期限当日或之前兑现的"
  en: "Those fulfilled on or before the due day"
denominator:
  zh: "兑现期限在窗口内届满的服务承诺；兑现早于承诺的不计入"
  en: "Service commitments that fell due in the window; those dated as fulfilled before they were made are left out"
minimum_sample: 3
reads: { service_commitment: [fulfilled_on] }
source: { zh: "青信用〔2018〕2号 二（三）6", en: "Qingdao Credit Office, No. 2 of 2018, II(3)6" }
*/
SELECT
  entity_id,
  due_on AS occurred_on,
  CASE WHEN fulfilled_on <= due_on THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  field AS category,
  coalesce(fulfilled_on < promised_on, false) AS excluded,
  record_key, file_id, line
FROM known.service_commitment
