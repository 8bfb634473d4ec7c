/*
title: { zh: "承诺违背率", en: "Commitments broken" }
clause: A3
levels: [district, department, township]
unit: { zh: "%", en: "%" }
direction: lower
aggregate: ratio
scale: 100
numerator:
  zh: "认定为未兑现的承诺"
  en: "Commitments found to be broken"
denominator:
  zh: "履行期限在窗口内届满的承诺；已撤回的不计入"
  en: "Commitments that fell due in the window; withdrawn ones are left out"
minimum_sample: 3
reads: [commitment]
source: { zh: "青信用〔2018〕2号 二（一）3", en: "Qingdao Credit Office, No. 2 of 2018, II(1)3" }
*/
SELECT
  entity_id,
  due_on AS occurred_on,
  CASE WHEN state = 'broken' THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  kind AS category,
  state = 'withdrawn' AS excluded,
  record_key, file_id, line
FROM known.commitment
