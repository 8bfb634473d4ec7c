/*
title: { zh: 各区市本期名次、得分与等次, en: "The ranking of districts" }
answers:
  zh: "区市按名次排列，附上年同期名次。"
  en: "Districts by rank, with the rank of the same period a year before."
*/
SELECT r.rank, e.name_zh, e.name_en, round(r.score, 2) AS score, r.grade, r.rank_last_year
FROM rank r
JOIN entity e ON e.entity_id = r.entity_id
WHERE r.period = (SELECT period FROM run) AND r.level = 'district'
ORDER BY r.rank, r.entity_id
