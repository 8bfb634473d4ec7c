/*
title: { zh: 一年来名次上升最多的单位, en: "Who climbed most within a year" }
answers:
  zh: "与上年同期相比名次上升最多的十个部门和区市（同类组内）。"
  en: "The ten districts and departments that rose most places within their peer class since the same period a year before."
*/
SELECT e.name_zh, e.name_en, r.peer_class, r.rank_last_year, r.rank, r.rank_last_year - r.rank AS climbed
FROM rank r
JOIN entity e ON e.entity_id = r.entity_id
WHERE r.period = (SELECT period FROM run) AND r.level IN ('district', 'department')
  AND r.rank < r.rank_last_year
ORDER BY climbed DESC, r.entity_id
LIMIT 10
