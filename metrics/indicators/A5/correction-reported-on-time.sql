/*
title: { zh: "更正撤销信息按时报送率", en: "Corrections reported on time" }
clause: A5
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "3个工作日内报送平台的，由各单位按期报数"
  en: "Those reported to the platform within three working days; bodies report their number"
denominator:
  zh: "窗口内报送期限届满的更正和撤销决定，由各单位按期报数；只报其一的、部分大于总数的不计入"
  en: "Decisions to correct or revoke whose limit for reporting ran out in the window; bodies report their number; reports of only one of the two, or of a part larger than the whole, are left out"
when_empty: not_applicable
reads: [observation]
source: { zh: "山东省社会信用条例（2020）第39、40条", en: "Shandong Regulations on Social Credit (2020), Arts. 39 and 40" }
by_analogy: true
note:
  zh: "两数取自同一日的报数：corrections_due（总数）和 corrections_reported_on_time（其中）"
  en: "Both are figures of the same day: corrections_due (all) and corrections_reported_on_time (of them)"
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
  AND part.measure = 'corrections_reported_on_time'
WHERE whole.measure = 'corrections_due'
