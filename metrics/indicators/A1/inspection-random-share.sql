/*
title: { zh: "双随机检查比例", en: "Inspections drawn at random" }
clause: A1
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "随机抽取的检查"
  en: "Inspections drawn at random"
denominator:
  zh: "窗口内完成的执法检查；未记载是否随机抽取的不计入"
  en: "Inspections carried out in the window; those of which the drawing is not recorded are left out"
minimum_sample: 3
reads: { inspection: [done_on, drawn_at_random] }
source: { zh: "青信用〔2018〕2号 二（一）1（双随机、一公开）；国办发〔2015〕58号", en: "Qingdao Credit Office, No. 2 of 2018, II(1)1 (inspectors and inspected drawn at random, results disclosed); General Office of the State Council, No. 58 of 2015" }
*/
SELECT
  entity_id,
  done_on AS occurred_on,
  CASE WHEN drawn_at_random THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  drawn_at_random IS NULL AS excluded,
  record_key, file_id, line
FROM known.inspection
WHERE kind = 'double_random'
  AND done_on IS NOT NULL
