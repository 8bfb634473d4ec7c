/*
title: { zh: "行政诉讼败诉率", en: "Administrative cases lost" }
clause: A5
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: lower
aggregate: ratio
scale: 100
numerator:
  zh: "判决该单位败诉的，由各单位按期报数"
  en: "Those decided against the body; bodies report their number"
denominator:
  zh: "窗口内生效判决的行政诉讼案件，由各单位按期报数；只报其一的、部分大于总数的不计入"
  en: "Administrative cases with a final judgment in the window; bodies report their number; reports of only one of the two, or of a part larger than the whole, are left out"
when_empty: not_applicable
reads: [observation]
source: { zh: "青信用〔2018〕2号 二（一）5", en: "Qingdao Credit Office, No. 2 of 2018, II(1)5" }
note:
  zh: "两数取自同一日的报数：administrative_cases_decided（总数）和 administrative_cases_lost（其中）"
  en: "Both are figures of the same day: administrative_cases_decided (all) and administrative_cases_lost (of them)"
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
  AND part.measure = 'administrative_cases_lost'
WHERE whole.measure = 'administrative_cases_decided'
