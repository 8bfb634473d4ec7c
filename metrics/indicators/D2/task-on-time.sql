/*
title: { zh: "任务按时完成率", en: "Tasks done on time" }
clause: D2
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "在期限当日或之前完成的"
  en: "Those done on or before the due day"
denominator:
  zh: "窗口内到期的任务（信用报告使用事项另计）；完成日早于交办日的不计入"
  en: "Tasks due in the window (the use of credit reports is counted elsewhere); those dated as done before they were assigned are left out"
minimum_sample: 3
reads: { task: [done_on, kind?] }
source: { zh: "青信用〔2018〕2号 三（二）", en: "Qingdao Credit Office, No. 2 of 2018, III(2)" }
*/
SELECT
  entity_id,
  due_on AS occurred_on,
  CASE WHEN done_on <= due_on THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  kind AS category,
  -- Done before it was given: one of the two dates is wrong.
  coalesce(done_on < assigned_on, false) AS excluded,
  record_key, file_id, line
FROM known.task
WHERE coalesce(kind, 'other') <> 'credit_report_use'
