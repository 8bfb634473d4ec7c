/*
title: { zh: "街道和镇财务公开按时率", en: "Finances of subdistricts and towns published on time" }
clause: C6
levels: [district, township]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "按期公开的，由各单位按期报数"
  en: "Those published on time; bodies report their number"
denominator:
  zh: "窗口内应公开的财务期次，由各单位按期报数；只报其一的、部分大于总数的不计入"
  en: "Periods of account that fell due for publication in the window; bodies report their number; reports of only one of the two, or of a part larger than the whole, are left out"
when_empty: not_applicable
reads: [observation]
source: { zh: "青信用〔2018〕2号 二（三）6", en: "Qingdao Credit Office, No. 2 of 2018, II(3)6" }
note:
  zh: "两数取自同一日的报数：finance_periods_due（总数）和 finance_periods_published_on_time（其中）"
  en: "Both are figures of the same day: finance_periods_due (all) and finance_periods_published_on_time (of them)"
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
  AND part.measure = 'finance_periods_published_on_time'
WHERE whole.measure = 'finance_periods_due'
