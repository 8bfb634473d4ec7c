/*
title: { zh: "诉求响应率", en: "Complaints first answered on time" }
clause: B2
levels: [district, department, township]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "1个工作日内响应的，次一工作日当日为按时"
  en: "Those first answered within 1 working day; the next working day is on time"
denominator:
  zh: "响应期限（受理之日起1个工作日）在窗口内届满的诉求；响应早于受理的不计入"
  en: "Complaints whose limit of one working day from receipt ran out in the window; those dated as answered before receipt are left out"
minimum_sample: 10
reads: { complaint: [responded_at, category?] }
source: { zh: "青信用〔2018〕2号 二（二）2；1个工作日为本指标假定", en: "Qingdao Credit Office, No. 2 of 2018, II(2)2; the one working day is assumed by this indicator" }
*/
SELECT
  entity_id,
  working_day_after(received_on, 1) AS occurred_on,
  CASE WHEN working_days_between(received_on, responded_on) <= 1 THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  category,
  coalesce(responded_at < received_at, false) AS excluded,
  record_key, file_id, line
FROM (
  SELECT *, CAST(received_at AS DATE) AS received_on, CAST(responded_at AS DATE) AS responded_on
  FROM known.complaint
) complaint_days
