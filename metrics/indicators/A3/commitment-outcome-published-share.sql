/*
title: { zh: "承诺履行结果公示率", en: "Outcomes of commitments published" }
clause: A3
levels: [district, department, township]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "20个工作日内公示履行结果的，由各单位按期报数"
  en: "Those whose outcome was published within 20 working days; bodies report their number"
denominator:
  zh: "窗口内公示期限（履行期限届满之日起20个工作日）届满的承诺，由各单位按期报数；只报其一的、部分大于总数的不计入"
  en: "Commitments whose limit of 20 working days after they fell due ran out in the window; bodies report their number; reports of only one of the two, or of a part larger than the whole, are left out"
when_empty: not_applicable
reads: [observation]
source: { zh: "青信用〔2018〕2号 二（一）3", en: "Qingdao Credit Office, No. 2 of 2018, II(1)3" }
note:
  zh: "两数取自同一日的报数：commitment_outcomes_due（总数）和 commitment_outcomes_published（其中）"
  en: "Both are figures of the same day: commitment_outcomes_due (all) and commitment_outcomes_published (of them)"
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
  AND part.measure = 'commitment_outcomes_published'
WHERE whole.measure = 'commitment_outcomes_due'
