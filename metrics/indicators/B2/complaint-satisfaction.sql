/*
title: { zh: "诉求满意率", en: "Complaints closed to satisfaction" }
clause: B2
levels: [district, department, township]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "评价为满意或基本满意的"
  en: "Those rated satisfied or basically satisfied"
denominator:
  zh: "窗口内办结的诉求；未回访评价的不计入"
  en: "Complaints closed in the window; those not rated are left out"
minimum_sample: 10
reads: { complaint: [closed_at, satisfaction, category?] }
source: { zh: "北京市接诉即办工作条例第32条（响应率、解决率、满意率）；青信用〔2018〕2号 二（二）2", en: "Beijing Regulations on Swift Response to Public Complaints, Art. 32 (response, resolution and satisfaction rates); Qingdao Credit Office, No. 2 of 2018, II(2)2" }
by_analogy: true
*/
SELECT
  entity_id,
  CAST(closed_at AS DATE) AS occurred_on,
  CASE WHEN satisfaction IN ('satisfied', 'basically_satisfied') THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  category,
  satisfaction IS NULL AS excluded,
  record_key, file_id, line
FROM known.complaint
WHERE closed_at IS NOT NULL
