/*
title: { zh: "信用修复办理用时中位数", en: "Median days to repair a dishonesty record" }
clause: A5
levels: [district, department, township]
unit: { zh: "天", en: "days" }
direction: lower
aggregate: median
numerator:
  zh: "自认定之日起至修复之日止的天数，取中位数"
  en: "Days from the decision to the repair, of which the median is taken"
denominator:
  zh: "窗口内修复的机关失信记录；修复日早于认定日的不计入"
  en: "Records of organs repaired in the window; those dated as repaired before they were decided are left out"
minimum_sample: 2
reads: { dishonesty_record: [repaired_on?, state_on?] }
source: { zh: "青信用〔2018〕2号 二（一）5", en: "Qingdao Credit Office, No. 2 of 2018, II(1)5" }
*/
SELECT
  entity_id,
  coalesce(repaired_on, state_on) AS occurred_on,
  date_diff('day', decided_on, coalesce(repaired_on, state_on)) AS numerator,
  1 AS denominator,
  -- The class in which a standard deducts; it judges no act to be minor or serious.
  CASE severity WHEN 'minor' THEN 'class_1' WHEN 'general' THEN 'class_2' WHEN 'serious' THEN 'class_3' END AS category,
  coalesce(repaired_on, state_on) < decided_on AS excluded,
  record_key, file_id, line
FROM known.dishonesty_record
WHERE subject_kind = 'organ'
  AND state = 'repaired'
  AND coalesce(repaired_on, state_on) IS NOT NULL
