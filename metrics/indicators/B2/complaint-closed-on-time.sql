/*
title: { zh: "诉求按时办结率", en: "Complaints closed on time" }
clause: B2
levels: [district, department, township]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "在期限当日或之前办结的"
  en: "Those closed on or before the due day"
denominator:
  zh: "办理期限在窗口内届满的诉求（无期限的按受理日归入并不计入）；期限当日办结为按时；办结早于受理的不计入"
  en: "Complaints that fell due in the window; closed on the due day is on time; those without a due day (placed by the day of receipt), or closed before they were received, are left out"
minimum_sample: 10
reads: { complaint: [due_at, closed_at, category?] }
source: { zh: "北京市接诉即办工作条例第13条（工单各有时限）；青信用〔2018〕2号 二（二）2", en: "Beijing Regulations on Swift Response to Public Complaints, Art. 13 (each work order has its own time limit); Qingdao Credit Office, No. 2 of 2018, II(2)2" }
by_analogy: true
*/
SELECT
  entity_id,
  CAST(coalesce(due_at, received_at) AS DATE) AS occurred_on,
  CASE WHEN CAST(closed_at AS DATE) <= CAST(due_at AS DATE) THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  category,
  due_at IS NULL OR coalesce(closed_at < received_at, false) AS excluded,
  record_key, file_id, line
FROM known.complaint
