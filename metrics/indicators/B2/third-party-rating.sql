/*
title: { zh: "第三方评价得分", en: "Third-party ratings" }
clause: B2
levels: [district, department]
unit: { zh: "分（百分制）", en: "points of 100" }
direction: higher
aggregate: ratio
scale: 100
numerator:
  zh: "各第三方评价的得分之和"
  en: "Scores of the ratings, added up"
denominator:
  zh: "窗口内各第三方评价的满分之和；无得分或满分的不计入"
  en: "Full marks of the ratings made in the window, added up; ratings without a score or full marks are left out"
reads: { third_party_rating: [score, score_max] }
source: { zh: "青信用〔2018〕2号 二（二）2（第三方评价）", en: "Qingdao Credit Office, No. 2 of 2018, II(2)2 (third-party evaluation)" }
*/
SELECT
  entity_id,
  rated_on AS occurred_on,
  score AS numerator,
  score_max AS denominator,
  rater AS category,
  score IS NULL OR score_max IS NULL OR score_max <= 0 AS excluded,
  record_key, file_id, line
FROM known.third_party_rating
