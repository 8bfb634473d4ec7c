/*
title: { zh: "承诺按时履行率", en: "Commitments fulfilled on time" }
clause: A3
levels: [district, department, township]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "在期限当日或之前兑现的承诺"
  en: "Commitments fulfilled on or before the due day"
denominator:
  zh: "履行期限在窗口内届满的承诺；已撤回的、已履行但无履行日期的不计入"
  en: "Commitments that fell due in the window; withdrawn ones, and those fulfilled on an unknown day, are left out"
minimum_sample: 3
reads: { commitment: [fulfilled_on] }
source: { zh: "青信用〔2018〕2号 二（一）3", en: "Qingdao Credit Office, No. 2 of 2018, II(1)3" }
*/
SELECT
  entity_id,
  due_on AS occurred_on,
  CASE WHEN fulfilled_on <= due_on THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  kind AS category,
  state = 'withdrawn' OR (state = 'fulfilled' AND fulfilled_on IS NULL) AS excluded,
  record_key, file_id, line
FROM known.commitment
