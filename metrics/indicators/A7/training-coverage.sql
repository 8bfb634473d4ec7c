/*
title: { zh: "诚信教育覆盖率", en: "Staff reached by integrity training" }
clause: A7
levels: [district, department, township]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "各次培训的受训人数之和"
  en: "People trained at each training, added up"
denominator:
  zh: "窗口内各次培训时的在编人数之和；受训人数多于在编人数或在编人数为零的不计入"
  en: "Staff at the time of each training held in the window, added up; trainings with more people than staff, or no staff, are left out"
reads: [training]
source: { zh: "青信用〔2018〕2号 二（一）7", en: "Qingdao Credit Office, No. 2 of 2018, II(1)7" }
*/
SELECT
  entity_id,
  held_on AS occurred_on,
  staff_trained AS numerator,
  staff_total AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  staff_total <= 0 OR staff_trained > staff_total AS excluded,
  record_key, file_id, line
FROM known.training
