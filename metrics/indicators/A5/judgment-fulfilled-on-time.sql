/*
title: { zh: "生效裁判按期履行率", en: "Judgments fulfilled on time" }
clause: A5
levels: [district, department, township]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "在履行期限内履行的，由各单位按期报数"
  en: "Those fulfilled by the day set; bodies report their number"
denominator:
  zh: "窗口内履行期限届满、由该单位履行的生效裁判，由各单位按期报数；只报其一的、部分大于总数的不计入"
  en: "Final judgments the body must fulfil whose day came in the window; bodies report their number; reports of only one of the two, or of a part larger than the whole, are left out"
when_empty: not_applicable
reads: [observation]
source: { zh: "青信用〔2018〕2号 二（一）5", en: "Qingdao Credit Office, No. 2 of 2018, II(1)5" }
note:
  zh: "两数取自同一日的报数：judgments_due（总数）和 judgments_fulfilled_on_time（其中）"
  en: "Both are figures of the same day: judgments_due (all) and judgments_fulfilled_on_time (of them)"
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
  AND part.measure = 'judgments_fulfilled_on_time'
WHERE whole.measure = 'judgments_due'
