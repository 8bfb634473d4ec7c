/*
title: { zh: "异议按时答复率", en: "Objections answered within seven working days" }
clause: A5
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
denominator:
  zh: "答复期限（提出之日起7个工作日）在窗口内届满的异议；答复日早于提出日的不计入"
  en: "Objections whose limit of seven working days ran out in the window; those dated as answered before they were filed are left out"
minimum_sample: 2
reads: [dishonesty_record]
source: "山东省社会信用条例（2020）第39条：3个工作日，需其他单位核查的7个工作日"
note:
  zh: "按条例较宽的7个工作日计"
  en: "The longer limit of the regulation is used"
*/
SELECT
  entity_id,
  working_day_after(objection_filed_on, 7) AS occurred_on,
  CASE WHEN working_days_between(objection_filed_on, objection_answered_on) <= 7 THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  record_type AS category,
  coalesce(objection_answered_on < objection_filed_on, false) AS excluded,
  record_key, file_id, line
FROM known.dishonesty_record
WHERE subject_kind = 'organ'
  AND objection_filed_on IS NOT NULL
