/*
title: { zh: "信用报告使用率", en: "Occasions on which credit reports were used" }
clause: A6
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "在期限当日或之前完成查询使用的"
  en: "Those in which it was used on or before the due day"
denominator:
  zh: "窗口内到期的应查询使用信用报告的事项；完成日早于交办日的不计入"
  en: "Matters due in the window for which a credit report had to be used; those dated as done before they were assigned are left out"
minimum_sample: 3
reads: { task: [kind, done_on] }
source: { zh: "青信用〔2018〕2号 二（一）6", en: "Qingdao Credit Office, No. 2 of 2018, II(1)6" }
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
WHERE kind = 'credit_report_use'
