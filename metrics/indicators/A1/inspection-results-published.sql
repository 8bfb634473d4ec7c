/*
title: { zh: "检查结果按时公开率", en: "Inspection results published within 20 working days" }
clause: A1
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "检查完成之日起20个工作日内公开结果的"
  en: "Those whose results were published within 20 working days of the inspection"
denominator:
  zh: "公开期限（检查完成之日起20个工作日）在窗口内届满的随机检查；公开日早于检查日的不计入"
  en: "Random inspections whose limit of 20 working days from the inspection ran out in the window; those dated as published before the inspection are left out"
minimum_sample: 3
reads: { inspection: [done_on, result_published_on] }
source: { zh: "政府信息公开条例（2007）第18条、（2019修订）第26条：20个工作日内公开", en: "Regulations on Open Government Information (2007), Art. 18, and (2019 revision), Art. 26: disclosure within 20 working days" }
*/
SELECT
  entity_id,
  working_day_after(done_on, 20) AS occurred_on,
  CASE WHEN working_days_between(done_on, result_published_on) <= 20 THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  coalesce(result_published_on < done_on, false) AS excluded,
  record_key, file_id, line
FROM known.inspection
WHERE kind = 'double_random'
  AND done_on IS NOT NULL
