/*
title: { zh: 债务预警名单, en: "Warnings on debt" }
answers:
  zh: "债务风险高于绿色的区市，及其等级与评级。"
  en: "Districts whose debt risk is above green, with level and rating."
*/
SELECT e.entity_id, e.name_zh, e.name_en, w.level, w.list, w.rating
FROM warning_level w
JOIN entity e ON e.entity_id = w.entity_id
WHERE w.period = (SELECT period FROM run) AND w.warnings_id = 'debt' AND w.level IN ('yellow', 'orange', 'red')
ORDER BY e.entity_id
