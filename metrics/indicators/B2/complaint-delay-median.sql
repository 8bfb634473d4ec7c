/*
title: { zh: "诉求办理时长中位数", en: "Median days to close a complaint" }
clause: B2
levels: [district, department, township]
unit: { zh: "天", en: "days" }
direction: lower
aggregate: median
numerator:
  zh: "自受理之日起至办结之日止的天数，取中位数"
  en: "Days from receipt to closing, of which the median is taken"
denominator:
  zh: "窗口内办结的诉求；办结早于受理的不计入"
  en: "Complaints closed in the window; those closed before they were received are left out"
minimum_sample: 10
reads: { complaint: [closed_at, category?] }
source: { zh: "青信用〔2018〕2号 二（二）2", en: "Qingdao Credit Office, No. 2 of 2018, II(2)2" }
*/
SELECT
  entity_id,
  CAST(closed_at AS DATE) AS occurred_on,
  date_diff('day', CAST(received_at AS DATE), CAST(closed_at AS DATE)) AS numerator,
  1 AS denominator,
  category,
  closed_at < received_at AS excluded,
  record_key, file_id, line
FROM known.complaint
WHERE closed_at IS NOT NULL
