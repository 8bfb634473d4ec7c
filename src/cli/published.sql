-- name: ranking
SELECT r.level, r.peer_class, r.state, r.rank, r.ranked_of, r.entity_id, e.name_zh, e.name_en, r.score, r.grade,
  r.vetoed_by, r.coverage, r.score_previous, r.rank_previous, r.score_last_year, r.rank_last_year, r.reason_zh, r.reason_en
FROM published.rank r
JOIN published.entity e ON e.entity_id = r.entity_id
WHERE r.period = $period AND ($level IS NULL OR r.level = $level OR r.peer_class = $level)
ORDER BY r.level, r.peer_class, r.rank NULLS LAST, r.entity_id

-- name: has-uncertainty
-- Months published before ranks had intervals lack the table.
SELECT 1 AS there FROM information_schema.tables WHERE table_schema = 'published' AND table_name = 'rank_uncertainty'

-- name: rank-ranges
SELECT entity_id, rank_low, rank_high FROM published.rank_uncertainty WHERE period = $period AND error_source = 'all'

-- name: find-entity
SELECT entity_id, name_zh, name_en
FROM published.entity
WHERE list_contains(CAST(CAST($entities AS JSON) AS VARCHAR[]), entity_id)
ORDER BY entity_id

-- name: entities-like
SELECT entity_id, name_zh, name_en
FROM published.entity
WHERE contains(name_zh, $entity) OR contains(lower(name_en), lower($entity)) OR starts_with(entity_id, $entity)
ORDER BY entity_id
LIMIT 10

-- name: nodes
SELECT n.node_id, n.node_level, n.parent_node, n.state, n.raw_value, n.score, n.effective_weight,
  CAST(v.numerator AS VARCHAR) AS numerator, CAST(v.denominator AS VARCHAR) AS denominator, v.sample_size, v.excluded, v.undelivered
FROM published.node n
LEFT JOIN published.value v ON v.period = n.period AND v.entity_id = n.entity_id AND v.indicator_id = n.node_id
WHERE n.period = $period AND n.entity_id = $entity
ORDER BY n.node_level = 'indicator', n.node_id

-- name: contributions
-- Without a score in the period before there is nothing that points could have moved from.
SELECT c.kind, c.node_id, c.points, p.points AS points_before,
  CASE WHEN EXISTS (
    SELECT * FROM published.rank r WHERE r.period = $before AND r.entity_id = $entity AND r.score IS NOT NULL
  ) THEN c.points - coalesce(p.points, 0) END AS moved
FROM published.contribution c
LEFT JOIN published.contribution p
  ON p.period = $before AND p.entity_id = c.entity_id AND p.kind = c.kind AND p.node_id = c.node_id
WHERE c.period = $period AND c.entity_id = $entity
ORDER BY c.kind, c.node_id

-- name: details
SELECT d.kind, d.node_id, d.detail_kind, d.detail, CAST(d.occurred_on AS VARCHAR) AS occurred_on, d.points, d.disputed,
  f.source_id, f.file_name, f.file_hash, d.line
FROM published.contribution_detail d
LEFT JOIN published.file f ON f.file_id = d.file_id
WHERE d.period = $period AND d.entity_id = $entity AND d.detail_kind = 'record'
ORDER BY abs(d.points) DESC, d.kind, d.node_id, d.detail
LIMIT $limit

-- name: delta-ranks
SELECT coalesce(now.entity_id, was.entity_id) AS entity_id, e.name_zh, e.name_en,
  coalesce(now.level, was.level) AS level, coalesce(now.peer_class, was.peer_class) AS peer_class,
  now.state AS state, was.state AS state_before, now.rank, was.rank AS rank_before,
  now.score, was.score AS score_before, now.grade, was.grade AS grade_before, now.reason_zh, now.reason_en
FROM (SELECT * FROM published.rank WHERE period = $period) now
FULL JOIN (SELECT * FROM {{earlier}}.rank WHERE period = $before) was ON was.entity_id = now.entity_id
LEFT JOIN published.entity e ON e.entity_id = coalesce(now.entity_id, was.entity_id)
ORDER BY level, peer_class, now.rank NULLS LAST, entity_id

-- name: delta-contributions
SELECT entity_id, kind, node_id, points, points_before, points - points_before AS moved
FROM (
  SELECT coalesce(now.entity_id, was.entity_id) AS entity_id, coalesce(now.kind, was.kind) AS kind,
    coalesce(now.node_id, was.node_id) AS node_id, coalesce(now.points, 0) AS points, coalesce(was.points, 0) AS points_before
  FROM (SELECT * FROM published.contribution WHERE period = $period) now
  FULL JOIN (SELECT * FROM {{earlier}}.contribution WHERE period = $before) was
    ON was.entity_id = now.entity_id AND was.kind = now.kind AND was.node_id = now.node_id
)
WHERE points <> points_before
ORDER BY entity_id, abs(points - points_before) DESC, kind, node_id
