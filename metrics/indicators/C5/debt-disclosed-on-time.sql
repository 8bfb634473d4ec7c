/*
title: { zh: "债务信息按时公开率", en: "Debt figures disclosed on time" }
clause: C5
levels: [district]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "20日内公开的，由各单位按期报数"
  en: "Those disclosed within 20 days; bodies report their number"
denominator:
  zh: "窗口内公开期限（批准之日起20日）届满的政府债务信息，由各单位按期报数；只报其一的、部分大于总数的不计入"
  en: "Reports on government debt whose limit of 20 days from approval ran out in the window; bodies report their number; reports of only one of the two, or of a part larger than the whole, are left out"
when_empty: not_applicable
reads: [observation]
source: { zh: "预算法第14条", en: "Budget Law, Art. 14" }
note:
  zh: "两数取自同一日的报数：debt_reports_due（总数）和 debt_reports_disclosed_on_time（其中）"
  en: "Both are figures of the same day: debt_reports_due (all) and debt_reports_disclosed_on_time (of them)"
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
  AND part.measure = 'debt_reports_disclosed_on_time'
WHERE whole.measure = 'debt_reports_due'
