/*
title: { zh: "报告数字", en: "Reported figure" }
family: true
clause: ASEM
levels: [country]
unit: { zh: "", en: "" }
direction: higher
aggregate: ratio
scale: 1
denominator:
  zh: "1（分子、分母同乘十亿，以保留小数）"
  en: "1 (both sides times a thousand million, to keep the decimals)"
rollup: false
reads: [observation]
source: "ASEM Sustainable Connectivity portal, European Commission Joint Research Centre, through the R package COINr"
*/
SELECT
  o.entity_id,
  o.as_at AS occurred_on,
  CAST(CAST(o.value AS DECIMAL(28,15)) * 1000000000 AS DECIMAL(38,6)) AS numerator,
  1000000000 AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  false AS excluded,
  o.record_key,
  o.file_id,
  o.line
FROM known.observation o
WHERE o.measure = $member
