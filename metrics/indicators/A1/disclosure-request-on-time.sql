/*
title: { zh: "依申请公开按时答复率", en: "Information requests answered on time" }
clause: A1
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "按时答复的，由各单位按期报数"
  en: "Those answered within the limit; bodies report their number"
denominator:
  zh: "窗口内答复期限（收到之日起20个工作日）届满的政府信息公开申请，由各单位按期报数；只报其一的、部分大于总数的不计入"
  en: "Requests for government information whose limit of 20 working days from receipt ran out in the window; bodies report their number; reports of only one of the two, or of a part larger than the whole, are left out"
when_empty: not_applicable
reads: [observation]
source: { zh: "政府信息公开条例（2019修订）第33条", en: "Regulations on Open Government Information (2019 revision), Art. 33" }
by_analogy: true
note:
  zh: "两数取自同一日的报数：disclosure_requests_due（总数）和 disclosure_requests_answered_on_time（其中）"
  en: "Both are figures of the same day: disclosure_requests_due (all) and disclosure_requests_answered_on_time (of them)"
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
  AND part.measure = 'disclosure_requests_answered_on_time'
WHERE whole.measure = 'disclosure_requests_due'
