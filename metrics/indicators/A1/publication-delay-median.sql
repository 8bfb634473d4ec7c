/*
title: { zh: "许可和处罚公示用时中位数", en: "Median days to publish licences and penalties" }
clause: A1
levels: [district, department]
unit: { zh: "工作日", en: "working days" }
direction: lower
aggregate: median
numerator:
  zh: "自决定之日起至公示之日止的工作日数，取中位数"
  en: "Working days from the decision to its publication, of which the median is taken"
denominator:
  zh: "窗口内公示的许可和处罚，不含自然人；从未公示的由及时率反映；公示日早于决定日或相对人类别不明的不计入"
  en: "Licences and penalties published in the window, without natural persons; those never published show in the on-time shares; those dated as published before they were decided, or of an unknown kind of subject, are left out"
minimum_sample: 5
reads: { publicity_item: [published_on, subject_kind] }
source: { zh: "青信用〔2018〕2号 二（一）1（七天双公示）", en: "Qingdao Credit Office, No. 2 of 2018, II(1)1 (double publicity within seven days)" }
note:
  zh: "自然人的许可和处罚不选取；相对人类别不明的计为不可评"
  en: "Licences and penalties of natural persons are never selected; those whose subject is of no known kind cannot be assessed"
*/
SELECT
  entity_id,
  published_on AS occurred_on,
  working_days_between(decided_on, published_on) AS numerator,
  1 AS denominator,
  list AS category,
  published_on < decided_on OR subject_kind IS NULL AS excluded,
  record_key, file_id, line
FROM known.publicity_item
WHERE published_on IS NOT NULL
  AND coalesce(subject_kind, '') <> 'person'
