/*
title: { zh: "重复诉求率", en: "Repeated complaints" }
clause: B2
levels: [district, department, township]
unit: { zh: "%", en: "%" }
direction: lower
aggregate: ratio
scale: 100
numerator:
  zh: "标明为前次诉求之重复的"
  en: "Those marked as repeating an earlier complaint"
denominator:
  zh: "窗口内受理的诉求；指向自身为前次诉求的不计入"
  en: "Complaints received in the window; those that name themselves as the earlier one are left out"
minimum_sample: 10
reads: { complaint: [repeat_of, category?] }
source: { zh: "12345热线统计指标；青信用〔2018〕2号 二（二）2", en: "12345 hotline statistical indicators; Qingdao Credit Office, No. 2 of 2018, II(2)2" }
by_analogy: true
*/
SELECT
  entity_id,
  CAST(received_at AS DATE) AS occurred_on,
  CASE WHEN repeat_of IS NOT NULL THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  category,
  coalesce(repeat_of = record_key, false) AS excluded,
  record_key, file_id, line
FROM known.complaint
