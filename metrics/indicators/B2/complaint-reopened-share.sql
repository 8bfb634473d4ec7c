/*
title: { zh: "重办率", en: "Complaints opened again" }
clause: B2
levels: [district, department, township]
unit: { zh: "%", en: "%" }
direction: lower
aggregate: ratio
scale: 100
numerator:
  zh: "回访不满意等退回重办的"
  en: "Those sent back to be handled again, as after an unsatisfied follow-up call"
denominator:
  zh: "窗口内受理的诉求；是否重办未记载的不计入"
  en: "Complaints received in the window; those of which it is not recorded are left out"
minimum_sample: 10
reads: { complaint: [reopened, category?] }
source: { zh: "12345热线统计指标；青信用〔2018〕2号 二（二）2", en: "12345 hotline statistical indicators; Qingdao Credit Office, No. 2 of 2018, II(2)2" }
*/
SELECT
  entity_id,
  CAST(received_at AS DATE) AS occurred_on,
  CASE WHEN reopened THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  category,
  reopened IS NULL AS excluded,
  record_key, file_id, line
FROM known.complaint
