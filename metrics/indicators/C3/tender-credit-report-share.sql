/*
title: { zh: "招标使用信用报告率", en: "Tenders that used credit reports" }
clause: C3
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "使用第三方信用报告的，由各单位按期报数"
  en: "Those that used a third party's credit report; bodies report their number"
denominator:
  zh: "窗口内开标的招标项目，由各单位按期报数；只报其一的、部分大于总数的不计入"
  en: "Tenders opened in the window; bodies report their number; reports of only one of the two, or of a part larger than the whole, are left out"
when_empty: not_applicable
reads: [observation]
source: { zh: "青信用〔2018〕2号 二（三）3", en: "Qingdao Credit Office, No. 2 of 2018, II(3)3" }
note:
  zh: "两数取自同一日的报数：tenders_opened（总数）和 tenders_with_credit_report（其中）"
  en: "Both are figures of the same day: tenders_opened (all) and tenders_with_credit_report (of them)"
*/
SELECT
  whole.entity_id,
  whole.as_at AS occurred_on,
  part.value AS numerator,
  whole.value AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  whole.value < 0 OR part.value < 0 OR part.value > whole.value AS excluded,
  whole.record_key, whole.file_id, whole.line
FROM known.observation whole
LEFT JOIN known.observation part
  ON part.entity_id = whole.entity_id
  AND part.as_at = whole.as_at
  AND part.measure = 'tenders_with_credit_report'
WHERE whole.measure = 'tenders_opened'
