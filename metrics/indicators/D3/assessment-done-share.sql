/*
title: { zh: "督查考核完成率", en: "Planned assessments carried out" }
clause: D3
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "计划日后30天内完成的，第30天当日为按时"
  en: "Those carried out within thirty days of the planned day; the thirtieth day is on time"
denominator:
  zh: "计划日后30天在窗口内届满的督查考核；有结果而无考核日的不计入"
  en: "Assessments whose planned day was thirty days past in the window; those with a result but no day of assessment are left out"
minimum_sample: 3
reads: { inspection: [done_on, result_published_on?] }
source: { zh: "青信用〔2018〕2号 三（三）", en: "Qingdao Credit Office, No. 2 of 2018, III(3)" }
note:
  zh: "30天宽限期为本软件的假定"
  en: "The thirty days of grace are an assumption of this software"
*/
SELECT
  entity_id,
  CAST(planned_on + INTERVAL '30' DAY AS DATE) AS occurred_on,
  CASE WHEN done_on <= planned_on + INTERVAL '30' DAY THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  -- Results of something that was not done: one of the two dates is wrong.
  done_on IS NULL AND result_published_on IS NOT NULL AS excluded,
  record_key, file_id, line
FROM known.inspection
WHERE kind = 'assessment'
