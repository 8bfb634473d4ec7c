/*
title: { zh: "诉求按时签收率", en: "Complaints signed for within one working day" }
clause: B2
levels: [district, department, township]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "转办之日起1个工作日内签收的"
  en: "Those signed for within one working day of being forwarded"
denominator:
  zh: "签收期限（转办之日起1个工作日，未记载转办的自受理之日起）在窗口内届满的诉求；签收日早于转办日的不计入"
  en: "Complaints whose limit of one working day from being forwarded (or received, where that is not recorded) ran out in the window; those dated as signed for before that are left out"
minimum_sample: 10
reads: { complaint: [signed_at, forwarded_at?, category?] }
source: { zh: "12345热线办理规范（例：蚌埠市，1个工作日内签收）；青信用〔2018〕2号 二（二）2", en: "12345 hotline handling rules (e.g. Bengbu: signed for within 1 working day); Qingdao Credit Office, No. 2 of 2018, II(2)2" }
by_analogy: true
*/
SELECT
  entity_id,
  working_day_after(handed_on, 1) AS occurred_on,
  CASE WHEN working_days_between(handed_on, signed_on) <= 1 THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  category,
  coalesce(signed_on < handed_on, false) AS excluded,
  record_key, file_id, line
FROM (
  SELECT entity_id, category, record_key, file_id, line,
    CAST(coalesce(forwarded_at, received_at) AS DATE) AS handed_on,
    CAST(signed_at AS DATE) AS signed_on
  FROM known.complaint
) AS handed
