/*
title: { zh: "承诺按时公开率", en: "Commitments disclosed within 20 working days" }
clause: A3
levels: [district, department, township]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "承诺之日起20个工作日内公开的，第20个工作日当日为按时"
  en: "Those disclosed within 20 working days; the twentieth day is on time"
denominator:
  zh: "公开期限（承诺之日起20个工作日）在窗口内届满的承诺；公开日早于承诺日的不计入"
  en: "Commitments whose limit of 20 working days for disclosure ran out in the window; those dated as disclosed before they were made are left out"
minimum_sample: 3
reads: { commitment: [disclosed_on] }
source: { zh: "青信用〔2018〕2号 二（一）3；政府信息公开条例（2007）第18条、（2019修订）第26条：20个工作日内公开", en: "Qingdao Credit Office, No. 2 of 2018, II(1)3; Regulations on Open Government Information (2007), Art. 18, and (2019 revision), Art. 26: disclosure within 20 working days" }
*/
SELECT
  entity_id,
  working_day_after(made_on, 20) AS occurred_on,
  CASE WHEN working_days_between(made_on, disclosed_on) <= 20 THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  kind AS category,
  coalesce(disclosed_on < made_on, false) AS excluded,
  record_key, file_id, line
FROM known.commitment
