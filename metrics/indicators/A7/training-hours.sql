/*
title: { zh: "人均诚信教育学时", en: "Hours of integrity training per head" }
clause: A7
levels: [district, department, township]
unit: { zh: "学时", en: "hours" }
direction: higher
aggregate: ratio
numerator:
  zh: "各次培训的学时乘以受训人数之和"
  en: "Hours of each training times the people trained, added up"
denominator:
  zh: "窗口内各次培训时的在编人数之和；学时缺失、受训人数多于在编人数或在编人数为零的不计入"
  en: "Staff at the time of each training held in the window, added up; trainings without hours, with more people than staff, or no staff, are left out"
reads: { training: [hours] }
source: { zh: "青信用〔2018〕2号 二（一）7", en: "Qingdao Credit Office, No. 2 of 2018, II(1)7" }
*/
SELECT
  entity_id,
  held_on AS occurred_on,
  hours * staff_trained AS numerator,
  staff_total AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  hours IS NULL OR staff_total <= 0 OR staff_trained > staff_total AS excluded,
  record_key, file_id, line
FROM known.training
