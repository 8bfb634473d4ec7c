/*
title: { zh: "政务失信线索按期核实率", en: "Leads on dishonest conduct verified on time" }
clause: B2
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "在期限内核实或者查否的，由各单位按期报数"
  en: "Those confirmed or dropped within the limit; bodies report their number"
denominator:
  zh: "窗口内核实期限届满的政务失信投诉举报线索，由各单位按期报数；只报其一的、部分大于总数的不计入"
  en: "Complaints and reports of dishonest conduct whose limit for verification ran out in the window; bodies report their number; reports of only one of the two, or of a part larger than the whole, are left out"
when_empty: not_applicable
reads: [observation]
source: { zh: "青信用〔2018〕2号 二（二）2", en: "Qingdao Credit Office, No. 2 of 2018, II(2)2" }
note:
  zh: "两数取自同一日的报数：leads_due（总数）和 leads_settled_on_time（其中）"
  en: "Both are figures of the same day: leads_due (all) and leads_settled_on_time (of them)"
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
  AND part.measure = 'leads_settled_on_time'
WHERE whole.measure = 'leads_due'
