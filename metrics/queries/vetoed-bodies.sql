/*
title: { zh: 受等次限制的单位, en: "Bodies under a veto" }
answers:
  zh: "等次因等次限制而降低的单位。"
  en: "Bodies whose grade was lowered by a veto."
*/
SELECT e.entity_id, e.name_zh, e.name_en, r.grade_before_veto, r.grade, r.vetoed_by
FROM rank r
JOIN entity e ON e.entity_id = r.entity_id
WHERE r.period = (SELECT period FROM run) AND r.vetoed_by IS NOT NULL
ORDER BY e.entity_id
