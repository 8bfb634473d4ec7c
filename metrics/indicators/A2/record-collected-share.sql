/*
title: { zh: "政务失信信息归集率", en: "Dishonesty records brought together" }
clause: A2
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "已归集到公共信用信息平台的，由各单位按期报数"
  en: "Those on the public credit platform; bodies report their number"
denominator:
  zh: "窗口内生效的涉及该单位的司法判决、行政处罚、处分和问责决定，由各单位按期报数；只报其一的、部分大于总数的不计入"
  en: "Judgments, penalties, disciplinary and accountability decisions against the body that took effect in the window; bodies report their number; reports of only one of the two, or of a part larger than the whole, are left out"
when_empty: not_applicable
reads: [observation]
source: { zh: "青信用〔2018〕2号 二（一）2", en: "Qingdao Credit Office, No. 2 of 2018, II(1)2" }
note:
  zh: "两数取自同一日的报数：integrity_decisions_effective（总数）和 integrity_decisions_collected（其中）"
  en: "Both are figures of the same day: integrity_decisions_effective (all) and integrity_decisions_collected (of them)"
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
  AND part.measure = 'integrity_decisions_collected'
WHERE whole.measure = 'integrity_decisions_effective'
