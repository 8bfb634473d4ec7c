/*
title: { zh: "检查计划完成率", en: "Planned inspections carried out" }
clause: A1
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "计划日后30天内完成的，第30天当日为按时"
  en: "Those carried out within thirty days of the planned day; the thirtieth day is on time"
denominator:
  zh: "计划日后30天在窗口内届满的随机检查；有结果而无检查日的不计入"
  en: "Random inspections whose planned day was thirty days past in the window; those with a result but no day of inspection are left out"
minimum_sample: 3
reads: { inspection: [done_on, result_published_on?] }
source: { zh: "青信用〔2018〕2号 二（一）1（双随机、一公开）；国办发〔2015〕58号", en: "Qingdao Credit Office, No. 2 of 2018, II(1)1 (inspectors and inspected drawn at random, results disclosed); General Office of the State Council, No. 58 of 2015" }
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
WHERE kind = 'double_random'
