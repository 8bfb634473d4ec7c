/*
title: { zh: 什么使莱西市的得分下降, en: "What lowered the score of Laixi" }
answers:
  zh: "与上年同期相比，莱西市（370285）失分最多的五项。"
  en: "The five things that cost Laixi (370285) most points since the same period a year before."
*/
WITH now AS (
  SELECT period, strftime(CAST(period || '-01' AS DATE) - INTERVAL 1 YEAR, '%Y-%m') AS year_before FROM run
)
SELECT coalesce(a.kind, b.kind) AS kind, coalesce(a.node_id, b.node_id) AS node_id,
  round(coalesce(b.points, 0), 3) AS points_before, round(coalesce(a.points, 0), 3) AS points,
  round(coalesce(a.points, 0) - coalesce(b.points, 0), 3) AS moved
FROM (SELECT c.* FROM contribution c JOIN now ON c.period = now.period WHERE c.entity_id = '370285') a
FULL JOIN (SELECT c.* FROM contribution c JOIN now ON c.period = now.year_before WHERE c.entity_id = '370285') b
  ON b.kind = a.kind AND b.node_id = a.node_id
ORDER BY coalesce(a.points, 0) - coalesce(b.points, 0), kind, node_id
LIMIT 5
