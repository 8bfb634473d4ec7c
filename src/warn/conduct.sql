-- name: count-complaints
-- Orders by body, category and month; a body counts what its children receive.
SELECT w.place, c.category AS part, c.month, CAST(sum(c.orders) AS INTEGER) AS count
FROM (
  SELECT entity_id, coalesce(category, '') AS category, CAST(year(received_at) * 12 + month(received_at) - 1 AS INTEGER) AS month, count(*) AS orders
  FROM known.complaint
  WHERE received_at < CAST($end AS DATE) + INTERVAL '1' DAY
  GROUP BY ALL
) c
JOIN known.entity_lineage l ON l.entity_id = c.entity_id
JOIN warn_entity w ON w.entity_id = l.ancestor_id
GROUP BY w.place, c.category, c.month
ORDER BY w.place, c.category, c.month

-- name: count-broken-promises
-- Commitments not kept and contracts the government's side broke, by the month in which they should have been kept.
SELECT w.place, '' AS part, CAST(year(b.day) * 12 + month(b.day) - 1 AS INTEGER) AS month, CAST(count(*) AS INTEGER) AS count
FROM (
  SELECT entity_id, due_on AS day FROM known.commitment WHERE state = 'broken'
  UNION ALL
  SELECT entity_id, outcome_on AS day FROM known.contract WHERE outcome = 'broken' AND breach_by = 'government' AND outcome_on IS NOT NULL
) b
JOIN known.entity_lineage l ON l.entity_id = b.entity_id
JOIN warn_entity w ON w.entity_id = l.ancestor_id
WHERE b.day <= CAST($end AS DATE)
GROUP BY w.place, b.day
ORDER BY w.place, b.day

-- name: read-indicator
SELECT w.place, c.period, v.value, CAST(v.numerator AS DOUBLE) AS numerator, CAST(v.denominator AS DOUBLE) AS denominator
FROM facts.run_computation c
JOIN facts.value v ON v.fingerprint = c.fingerprint
JOIN warn_entity w ON w.entity_id = v.entity_id
WHERE c.run_id = $run AND c.indicator_id = $indicator AND v.state = 'assessed' AND v.value IS NOT NULL
ORDER BY w.place, c.period

-- name: read-node
SELECT w.place, w.level, n.period, n.score AS value
FROM scores.node n JOIN warn_entity w ON w.entity_id = n.entity_id
WHERE n.run_id = $run AND n.node_id = $node AND n.score IS NOT NULL
ORDER BY w.place, n.period

-- name: read-index
-- The index as it is ranked by, deductions and bonuses included.
SELECT w.place, w.level, r.period, r.score AS value
FROM scores.rank r JOIN warn_entity w ON w.entity_id = r.entity_id
WHERE r.run_id = $run AND r.score IS NOT NULL
ORDER BY w.place, r.period

-- name: read-score-deviation
-- Sampling error of the index in the run's own period, in points.
SELECT w.place, u.score_deviation AS value
FROM scores.rank_uncertainty u JOIN warn_entity w ON w.entity_id = u.entity_id
WHERE u.run_id = $run AND u.error_source = 'data' AND u.score_deviation IS NOT NULL AND NOT isnan(u.score_deviation)
ORDER BY w.place

-- name: count-overdue
SELECT w.place, p.period, CAST(count(*) AS DOUBLE) AS value,
  CAST(max(date_diff('day', s.due_on, least(coalesce(s.done_on, p.day), p.day))) AS DOUBLE) AS numerator
FROM known.record_step s
JOIN warn_entity w ON w.entity_id = s.responsible_id
JOIN (SELECT unnest(from_json(CAST($periods AS JSON), '[{"period":"VARCHAR","start":"DATE","day":"DATE"}]'), recursive := true)) p
  ON s.due_on < p.day AND (s.done_on IS NULL OR (s.done_on > s.due_on AND s.done_on >= p.start))
WHERE s.step = $step
GROUP BY w.place, p.period
ORDER BY w.place, p.period
