/*
title: { zh: "限制措施落实率", en: "Restrictions really applied" }
clause: A6
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "决定中依法采取了限制措施的，由各单位按期报数"
  en: "Those after which the decision restricted the subject as the law says; bodies report their number"
denominator:
  zh: "窗口内查询到严重失信记录的事项，由各单位按期报数；只报其一的、部分大于总数的不计入"
  en: "Look-ups in the window that found a serious record; bodies report their number; reports of only one of the two, or of a part larger than the whole, are left out"
when_empty: not_applicable
reads: [observation]
source: { zh: "青信用〔2018〕2号 二（一）6", en: "Qingdao Credit Office, No. 2 of 2018, II(1)6" }
note:
  zh: "两数取自同一日的报数：lookups_found（总数）和 restrictions_applied（其中）"
  en: "Both are figures of the same day: lookups_found (all) and restrictions_applied (of them)"
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
  AND part.measure = 'restrictions_applied'
WHERE whole.measure = 'lookups_found'
