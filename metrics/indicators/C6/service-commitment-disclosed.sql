/*
title: { zh: "公开承诺按时公示率", en: "Service commitments disclosed within 20 working days" }
clause: C6
levels: [district, township]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "承诺之日起20个工作日内公示的"
  en: "Those disclosed within 20 working days of being made"
denominator:
  zh: "公示期限（承诺之日起20个工作日）在窗口内届满的服务承诺；公示早于承诺的不计入"
  en: "Service commitments whose limit of 20 working days for disclosure ran out in the window; those dated as disclosed before they were made are left out"
minimum_sample: 3
reads: { service_commitment: [disclosed_on] }
source: { zh: "政府信息公开条例（2007）第18条、（2019修订）第26条：20个工作日内公开；青信用〔2018〕2号 二（三）6", en: "Regulations on Open Government Information (2007), Art. 18, and (2019 revision), Art. 26: disclosure within 20 working days; Qingdao Credit Office, No. 2 of 2018, II(3)6" }
*/
SELECT
  entity_id,
  working_day_after(promised_on, 20) AS occurred_on,
  CASE WHEN working_days_between(promised_on, disclosed_on) <= 20 THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  field AS category,
  coalesce(disclosed_on < promised_on, false) AS excluded,
  record_key, file_id, line
FROM known.service_commitment
