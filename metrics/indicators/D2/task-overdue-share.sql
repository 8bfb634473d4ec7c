/*
title: { zh: "任务逾期率", en: "Tasks overdue at the end of the period" }
clause: D2
levels: [district, department, township]
unit: { zh: "%", en: "%" }
direction: lower
aggregate: ratio
evidence: state
scale: 100
numerator:
  zh: "期末已到期（期末当日到期的也计）而未完成的"
  en: "Those due by the end of the period, its last day included, and not done by then"
denominator:
  zh: "窗口内曾经在办的任务（信用报告使用事项另计）：期末前交办，期末未完成或在窗口内完成；完成日早于交办日的不计入"
  en: "Tasks in hand during the window (the use of credit reports is counted elsewhere): assigned by its end, and not done by then or done within it; those dated as done before they were assigned are left out"
minimum_sample: 3
reads: { task: [done_on, kind?] }
source: { zh: "青信用〔2018〕2号 三（二）", en: "Qingdao Credit Office, No. 2 of 2018, III(2)" }
*/
SELECT
  t.entity_id,
  p.period,
  t.due_on AS occurred_on,
  CASE WHEN t.due_on <= p."end" AND (t.done_on IS NULL OR t.done_on > p."end") THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  t.kind AS category,
  coalesce(t.done_on < t.assigned_on, false) AS excluded,
  t.record_key, t.file_id, t.line
FROM known.task t
JOIN period p ON t.assigned_on <= p."end" AND (t.done_on IS NULL OR t.done_on >= p.window_start)
WHERE coalesce(t.kind, 'other') <> 'credit_report_use'
