/*
title: { zh: "“最多跑一次”比例", en: "Licences that took at most one visit" }
clause: A1
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "申请人跑动一次或不需跑动的"
  en: "Licences for which the applicant came once or not at all"
denominator:
  zh: "窗口内作出的行政许可，不含自然人；跑动次数未记载的不计入"
  en: "Licences decided in the window, without natural persons; those whose visits are not recorded are left out"
minimum_sample: 5
reads: { publicity_item: [visits, subject_kind, category?] }
source: { zh: "青信用〔2018〕2号 二（一）1（最多跑一次）", en: "Qingdao Credit Office, No. 2 of 2018, II(1)1 (at most one visit)" }
*/
SELECT
  entity_id,
  decided_on AS occurred_on,
  CASE WHEN visits <= 1 THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  category,
  visits IS NULL AS excluded,
  record_key, file_id, line
FROM known.publicity_item
WHERE list = 'licence'
  AND coalesce(subject_kind, '') <> 'person'
