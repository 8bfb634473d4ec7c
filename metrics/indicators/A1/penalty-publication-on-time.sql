/*
title: { zh: "行政处罚七个工作日公示率", en: "Penalties published within seven working days" }
clause: A1
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "决定之日起7个工作日内公示的"
  en: "Those published within seven working days of the decision"
denominator:
  zh: "公示期限（决定之日起7个工作日）在窗口内届满的行政处罚，不含自然人；公示日早于决定日或相对人类别不明的不计入"
  en: "Penalties of organisations and sole traders whose limit of seven working days ran out in the window; those dated as published before they were decided, or of an unknown kind of subject, are left out"
minimum_sample: 5
reads: { publicity_item: [published_on, subject_kind, category?] }
source: { zh: "青信用〔2018〕2号 二（一）1（七天双公示）；发改办财金〔2018〕424号", en: "Qingdao Credit Office, No. 2 of 2018, II(1)1 (double publicity within seven days); General Office of the National Development and Reform Commission, No. 424 of 2018" }
by_analogy: true
note:
  zh: "自然人的许可和处罚不选取；相对人类别不明的计为不可评"
  en: "Licences and penalties of natural persons are never selected; those whose subject is of no known kind cannot be assessed"
*/
SELECT
  entity_id,
  working_day_after(decided_on, 7) AS occurred_on,
  CASE WHEN working_days_between(decided_on, published_on) <= 7 THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  category,
  coalesce(published_on < decided_on, false) OR subject_kind IS NULL AS excluded,
  record_key, file_id, line
FROM known.publicity_item
WHERE list = 'penalty'
  AND coalesce(subject_kind, '') <> 'person'
