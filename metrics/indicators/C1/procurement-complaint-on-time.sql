/*
title: { zh: "采购投诉按期处理率", en: "Procurement complaints decided on time" }
clause: C1
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "在期限内作出处理决定的，由各单位按期报数"
  en: "Those decided within the limit; bodies report their number"
denominator:
  zh: "窗口内处理期限届满的政府采购投诉，由各单位按期报数；只报其一的、部分大于总数的不计入"
  en: "Procurement complaints whose limit ran out in the window; bodies report their number; reports of only one of the two, or of a part larger than the whole, are left out"
when_empty: not_applicable
reads: [observation]
source: { zh: "政府采购法第56条", en: "Government Procurement Law, Art. 56" }
note:
  zh: "两数取自同一日的报数：procurement_complaints_due（总数）和 procurement_complaints_decided_on_time（其中）"
  en: "Both are figures of the same day: procurement_complaints_due (all) and procurement_complaints_decided_on_time (of them)"
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
  AND part.measure = 'procurement_complaints_decided_on_time'
WHERE whole.measure = 'procurement_complaints_due'
