/*
title: { zh: "考核问题整改率", en: "Assessment findings corrected" }
clause: D3
levels: [district, department, township]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "其中已整改的问题数"
  en: "Findings corrected, of those"
denominator:
  zh: "整改期限在窗口内届满的考核问题数；整改数缺失或多于问题数的考核不计入"
  en: "Findings whose day of correction fell in the window; assessments that record no corrections, or more corrections than findings, are left out"
reads: { inspection: [findings, findings_corrected, correction_due_on] }
source: { zh: "青信用〔2018〕2号 三（三）", en: "Qingdao Credit Office, No. 2 of 2018, III(3)" }
*/
SELECT
  entity_id,
  correction_due_on AS occurred_on,
  findings_corrected AS numerator,
  findings AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  findings_corrected IS NULL OR findings_corrected > findings AS excluded,
  record_key, file_id, line
FROM known.inspection
WHERE kind = 'assessment'
  AND findings > 0
  AND correction_due_on IS NOT NULL
