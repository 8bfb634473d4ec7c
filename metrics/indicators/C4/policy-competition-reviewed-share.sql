/*
title: { zh: "招商政策公平竞争审查率", en: "Investment policies reviewed for fair competition" }
clause: C4
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "出台前经公平竞争审查的，由各单位按期报数"
  en: "Those reviewed for fair competition before they were issued; bodies report their number"
denominator:
  zh: "窗口内出台的招商引资优惠政策，由各单位按期报数；只报其一的、部分大于总数的不计入"
  en: "Preferential policies for investors issued in the window; bodies report their number; reports of only one of the two, or of a part larger than the whole, are left out"
when_empty: not_applicable
reads: [observation]
source: { zh: "青信用〔2018〕2号 二（三）4", en: "Qingdao Credit Office, No. 2 of 2018, II(3)4" }
note:
  zh: "两数取自同一日的报数：policies_issued（总数）和 policies_reviewed（其中）"
  en: "Both are figures of the same day: policies_issued (all) and policies_reviewed (of them)"
*/
SELECT
  whole.entity_id,
  whole.as_at AS occurred_on,
  part.value AS numerator,
  whole.value AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  whole.value < 0 OR part.value < 0 OR part.value > whole.value AS excluded,
  whole.record_key, whole.file_id, whole.line
FROM known.observation whole
LEFT JOIN known.observation part
  ON part.entity_id = whole.entity_id
  AND part.as_at = whole.as_at
  AND part.measure = 'policies_reviewed'
WHERE whole.measure = 'policies_issued'
