/*
title: { zh: "承诺履行率", en: "Commitments fulfilled" }
clause: A3
levels: [district, department, township]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "已兑现的承诺，含逾期兑现"
  en: "Commitments fulfilled, late ones included"
denominator:
  zh: "履行期限在窗口内届满的承诺；已撤回的不计入"
  en: "Commitments that fell due in the window; withdrawn ones are left out"
minimum_sample: 3
reads: [commitment]
source: { zh: "青信用〔2018〕2号 二（一）3", en: "Qingdao Credit Office, No. 2 of 2018, II(1)3" }
note:
  zh: "逾期履行的计为已履行，是否按时另有指标"
  en: "Fulfilled late counts as fulfilled; whether on time is another indicator"
*/
SELECT
  entity_id,
  due_on AS occurred_on,
  CASE WHEN state IN ('fulfilled', 'late') THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  kind AS category,
  state = 'withdrawn' AS excluded,
  record_key, file_id, line
FROM known.commitment
