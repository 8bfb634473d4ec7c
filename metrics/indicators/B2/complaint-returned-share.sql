/*
title: { zh: "工单退回率", en: "Complaints sent back by the body asked" }
clause: B2
levels: [district, department, township]
unit: { zh: "%", en: "%" }
direction: lower
aggregate: ratio
scale: 100
numerator:
  zh: "被承办单位退回的"
  en: "Those sent back by the body they were assigned to"
denominator:
  zh: "窗口内受理的诉求；是否退回未记载的不计入"
  en: "Complaints received in the window; those of which it is not recorded are left out"
minimum_sample: 10
reads: { complaint: [returned, category?] }
source: { zh: "12345热线统计指标（例：榆林市，回退率）；青信用〔2018〕2号 二（二）2", en: "12345 hotline statistical indicators (e.g. Yulin: share sent back); Qingdao Credit Office, No. 2 of 2018, II(2)2" }
by_analogy: true
*/
SELECT
  entity_id,
  CAST(received_at AS DATE) AS occurred_on,
  CASE WHEN returned THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  category,
  returned IS NULL AS excluded,
  record_key, file_id, line
FROM known.complaint
