/*
title: { zh: "责任人明确率", en: "Tasks with a responsible person named" }
clause: D1
levels: [district, department, township]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "已明确责任人的"
  en: "Those with a person named as responsible"
denominator:
  zh: "窗口内交办的任务；未记载责任人情况的不计入"
  en: "Tasks assigned in the window; those of which it is not recorded are left out"
minimum_sample: 3
reads: { task: [responsible_named, kind?] }
source: { zh: "青信用〔2018〕2号 三（一）", en: "Qingdao Credit Office, No. 2 of 2018, III(1)" }
note:
  zh: "只记载是否明确责任人，不记载姓名"
  en: "Only whether a person is named is kept, never the name"
*/
SELECT
  entity_id,
  assigned_on AS occurred_on,
  CASE WHEN responsible_named THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  kind AS category,
  responsible_named IS NULL AS excluded,
  record_key, file_id, line
FROM known.task
