/*
title: { zh: "第三方评价公布率", en: "Third-party ratings published on time" }
clause: B2
levels: [district, department]
unit: { zh: "%", en: "%" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "20个工作日内公布的，第20个工作日当日为按时"
  en: "Those published within 20 working days; the twentieth day is on time"
denominator:
  zh: "公布期限（评价之日起20个工作日）在窗口内届满的第三方评价；公布早于评价的不计入"
  en: "Third-party ratings whose limit of 20 working days ran out in the window; those dated as published before they were made are left out"
minimum_sample: 2
reads: { third_party_rating: [published_on] }
source: { zh: "青信用〔2018〕2号 二（二）2（及时公布）；20个工作日为本指标假定", en: "Qingdao Credit Office, No. 2 of 2018, II(2)2 (published in time); the 20 working days are assumed by this indicator" }
*/
SELECT
  entity_id,
  working_day_after(rated_on, 20) AS occurred_on,
  CASE WHEN working_days_between(rated_on, published_on) <= 20 THEN 1 ELSE 0 END AS numerator,
  1 AS denominator,
  rater AS category,
  coalesce(published_on < rated_on, false) AS excluded,
  record_key, file_id, line
FROM known.third_party_rating
