/*
title: { zh: "重大决策按时公开率", en: "Major decisions published within 20 working days" }
clause: A1
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "决策之日起20个工作日内公开的，第20个工作日当日为按时"
  en: "Those published within 20 working days of the decision; the twentieth day is on time"
denominator:
  zh: "公开期限（决策之日起20个工作日）在窗口内届满的重大决策；公开日早于决策日的不计入"
  en: "Major decisions whose limit of 20 working days ran out in the window; those dated as published before they were made are left out"
minimum_sample: 3
reads: { decision_procedure: [published_on] }
source: { zh: "政府信息公开条例（2007）第18条、（2019修订）第26条：20个工作日内公开", en: "Regulations on Open Government Information (2007), Art. 18, and (2019 revision), Art. 26: disclosure within 20 working days" }
*/
SELECT
  entity_id,
  working_day_after(decided_on, 20) AS occurred_on,
  CASE WHEN working_days_between(decided_on, published_on) <= 20 THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  CAST(NULL AS VARCHAR) AS category,
  coalesce(published_on < decided_on, false) AS excluded,
  record_key, file_id, line
FROM known.decision_procedure
