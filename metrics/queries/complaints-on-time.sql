/*
title: { zh: 部门诉求按时办结率, en: "Complaints closed on time" }
answers:
  zh: "本年到期的诉求中按时办结的件数与比例，最低的十个部门。"
  en: "Complaints that fell due this year: how many were closed on time; the ten departments with the lowest share."
*/
SELECT e.entity_id, e.name_zh, count(*) FILTER (WHERE CAST(c.closed_at AS DATE) <= CAST(c.due_at AS DATE)) AS on_time, count(*) AS due,
  round(100.0 * count(*) FILTER (WHERE CAST(c.closed_at AS DATE) <= CAST(c.due_at AS DATE)) / count(*), 2) AS percent
FROM complaint c
JOIN entity e ON e.entity_id = c.entity_id
WHERE e.level = 'department' AND year(c.due_at) = (SELECT year(max(ends_on)) FROM period)
  AND coalesce(c.closed_at >= c.received_at, true)
GROUP BY e.entity_id, e.name_zh
ORDER BY percent, e.entity_id
LIMIT 10
