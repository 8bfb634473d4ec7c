/*
title: { zh: "人大常委会审议意见按期办理率", en: "Opinions of the congress's standing committee handled on time" }
clause: B1
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "在期限内办理的，由各单位按期报数"
  en: "Those handled within the limit; bodies report their number"
denominator:
  zh: "窗口内办理期限届满的审议意见，由各单位按期报数；只报其一的、部分大于总数的不计入"
  en: "Deliberation opinions whose limit ran out in the window; bodies report their number; reports of only one of the two, or of a part larger than the whole, are left out"
when_empty: not_applicable
reads: [observation]
source: { zh: "青信用〔2018〕2号 二（二）1", en: "Qingdao Credit Office, No. 2 of 2018, II(2)1" }
note:
  zh: "两数取自同一日的报数：deliberation_opinions_due（总数）和 deliberation_opinions_handled_on_time（其中）"
  en: "Both are figures of the same day: deliberation_opinions_due (all) and deliberation_opinions_handled_on_time (of them)"
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
  AND part.measure = 'deliberation_opinions_handled_on_time'
WHERE whole.measure = 'deliberation_opinions_due'
