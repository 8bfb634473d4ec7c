/*
title: { zh: "信用分级分类检查占比", en: "Inspections chosen by credit risk" }
clause: A1
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "按信用风险等级确定的，由各单位按期报数"
  en: "Those chosen by the risk grade of the inspected; bodies report their number"
denominator:
  zh: "窗口内完成的行政检查，由各单位按期报数；只报其一的、部分大于总数的不计入"
  en: "Administrative inspections done in the window; bodies report their number; reports of only one of the two, or of a part larger than the whole, are left out"
when_empty: not_applicable
reads: [observation]
source: { zh: "青信用〔2018〕2号 二（一）1", en: "Qingdao Credit Office, No. 2 of 2018, II(1)1" }
note:
  zh: "两数取自同一日的报数：inspections_done（总数）和 inspections_risk_graded（其中）"
  en: "Both are figures of the same day: inspections_done (all) and inspections_risk_graded (of them)"
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
  AND part.measure = 'inspections_risk_graded'
WHERE whole.measure = 'inspections_done'
