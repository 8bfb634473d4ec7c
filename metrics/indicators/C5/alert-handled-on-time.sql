/*
title: { zh: "预警按期处置率", en: "Debt warnings handled on time" }
clause: C5
levels: [district]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "在期限内处置的，由各单位按期报数"
  en: "Those handled within the limit; bodies report their number"
denominator:
  zh: "窗口内处置期限届满的债务风险预警，由各单位按期报数；只报其一的、部分大于总数的不计入"
  en: "Debt risk warnings whose limit ran out in the window; bodies report their number; reports of only one of the two, or of a part larger than the whole, are left out"
when_empty: not_applicable
reads: [observation]
source: { zh: "青信用〔2018〕2号 二（三）5", en: "Qingdao Credit Office, No. 2 of 2018, II(3)5" }
note:
  zh: "两数取自同一日的报数：debt_alerts_due（总数）和 debt_alerts_handled_on_time（其中）"
  en: "Both are figures of the same day: debt_alerts_due (all) and debt_alerts_handled_on_time (of them)"
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
  AND part.measure = 'debt_alerts_handled_on_time'
WHERE whole.measure = 'debt_alerts_due'
