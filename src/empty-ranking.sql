-- name: bodies
-- Bodies of each level that are known to be scored at all, and those in force on the period's last day.
SELECT level, count(DISTINCT entity_id) AS known,
  count(DISTINCT entity_id) FILTER (
    WHERE valid_from <= CAST($end AS DATE) AND (valid_to IS NULL OR valid_to > CAST($end AS DATE))
  ) AS in_force,
  CAST(min(valid_from) AS VARCHAR) AS first_day,
  CASE WHEN count(*) = count(valid_to) THEN CAST(max(valid_to) AS VARCHAR) END AS end_day
FROM known.entity
WHERE scored
GROUP BY level

-- name: standings
SELECT level, count(*) AS bodies, count(score) AS scored, max(coverage) AS coverage,
  max(coverage) FILTER (WHERE score IS NOT NULL) AS scored_coverage
FROM scores.rank
WHERE run_id = $run_id AND period = $period
GROUP BY level

-- name: indicators
-- `most`: of the peer classes, the one in which most bodies have a value.
SELECT level, node_id AS indicator_id, CAST(sum(with_value) AS BIGINT) AS with_value, max(with_value) AS most,
  CAST(sum(scored) AS BIGINT) AS scored, CAST(sum(too_few) AS BIGINT) AS too_few, CAST(sum(no_data) AS BIGINT) AS no_data,
  CAST(sum(not_applicable) AS BIGINT) AS not_applicable
FROM (
  SELECT r.level, r.peer_class, n.node_id, count(n.raw_value) AS with_value, count(n.score) AS scored,
    count(*) FILTER (WHERE n.state = 'too_few' AND n.raw_value IS NULL) AS too_few,
    count(*) FILTER (WHERE n.state = 'no_data') AS no_data,
    count(*) FILTER (WHERE n.state = 'not_applicable') AS not_applicable
  FROM scores.node n
  JOIN scores.rank r ON r.run_id = n.run_id AND r.period = n.period AND r.entity_id = n.entity_id
  WHERE n.run_id = $run_id AND n.period = $period AND n.node_level = 'indicator'
  GROUP BY r.level, r.peer_class, n.node_id
)
GROUP BY level, node_id
ORDER BY level, node_id

-- name: findings
SELECT source_id, message_zh, message_en
FROM checks.result
WHERE run_id = $run_id AND NOT passed
ORDER BY severity, source_id, check_id, message_en
