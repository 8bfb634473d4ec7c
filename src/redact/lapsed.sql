-- name: lapses
-- Every record that was ever published by a pipeline, or is known to be shown no more, with the day from which on it is not.
-- The newest publication counts: one it does not show any more is gone since the publication after the last that showed it.
WITH run AS (
  SELECT r.run, r.as_of FROM (SELECT unnest(from_json(CAST($runs AS JSON), '[{"run":"VARCHAR","as_of":"VARCHAR"}]')) AS r)
), seen AS (
  SELECT r.run, r.as_of, f.source_id, d.entity_id, d.record_key, d.publication_ends_on
  FROM {{records}} d JOIN run r ON r.run = d.run_id
  LEFT JOIN {{files}} f ON f.run_id = d.run_id AND f.file_id = d.file_id
), shown AS (
  SELECT DISTINCT source_id, entity_id, record_key, publication_ends_on FROM seen WHERE run = $newest
), told AS (
  {{told}}
), gone AS (
  SELECT s.source_id, s.entity_id, s.record_key, max(s.as_of) AS last_seen
  FROM seen s
  WHERE NOT EXISTS (SELECT 1 FROM shown n WHERE n.source_id IS NOT DISTINCT FROM s.source_id AND n.entity_id = s.entity_id
      AND n.record_key = s.record_key)
    AND NOT EXISTS (SELECT 1 FROM told t WHERE t.source_id IS NOT DISTINCT FROM s.source_id AND t.entity_id = s.entity_id
      AND t.record_key = s.record_key)
  GROUP BY s.source_id, s.entity_id, s.record_key
)
SELECT source_id, entity_id, record_key, reason, CAST(since AS VARCHAR) AS since FROM told
UNION ALL
SELECT source_id, entity_id, record_key, 'expired', CAST(publication_ends_on AS VARCHAR) FROM shown WHERE publication_ends_on IS NOT NULL
UNION ALL
SELECT g.source_id, g.entity_id, g.record_key, 'removed', coalesce((SELECT min(r.as_of) FROM run r WHERE r.as_of > g.last_seen), g.last_seen)[1:10]
FROM gone g

-- name: told
SELECT source_id, entity_id, record_key, reason, since FROM {{file}}

-- name: told-by-items
-- The newest publication is of a program that did not tell: what ended of the records behind its scores.
SELECT f.source_id, i.entity_id, i.record_key, 'ended' AS reason, min(i.ended_on) AS since
FROM {{items}} i LEFT JOIN {{own_files}} f ON f.file_id = i.file_id
WHERE i.ended_on IS NOT NULL AND i.record_key IS NOT NULL
GROUP BY f.source_id, i.entity_id, i.record_key

-- name: told-nothing
SELECT CAST(NULL AS VARCHAR) AS source_id, CAST(NULL AS VARCHAR) AS entity_id, CAST(NULL AS VARCHAR) AS record_key,
  CAST(NULL AS VARCHAR) AS reason, CAST(NULL AS DATE) AS since
WHERE false

-- name: records-of-numbers
-- Records that the newest publication shows, as the life of a record tells them.
SELECT d.record_key, coalesce(f.source_id, '') AS source_id, d.entity_id, d.record_type, d.severity, CAST(NULL AS VARCHAR) AS measure,
  d.document_no, d.issuing_body, CAST(d.decided_on AS VARCHAR) AS decided_on, CAST(NULL AS VARCHAR) AS act_ended_on, d.state,
  CAST(d.state_on AS VARCHAR) AS state_on, CAST(d.published_on AS VARCHAR) AS published_on, CAST(NULL AS VARCHAR) AS repaired_on,
  CAST(d.objection_filed_on AS VARCHAR) AS objection_filed_on, CAST(d.objection_answered_on AS VARCHAR) AS objection_answered_on,
  CAST(NULL AS VARCHAR) AS obligation_amount, d.repair_state
FROM {{records}} d LEFT JOIN {{own_files}} f ON f.file_id = d.file_id
WHERE list_contains(CAST(CAST($records AS JSON) AS VARCHAR[]), d.record_key)

-- name: codes-of-bodies
SELECT code, scheme, entity_id, CAST(valid_from AS VARCHAR) AS valid_from, CAST(valid_to AS VARCHAR) AS valid_to
FROM {{codes}} ORDER BY code, scheme, entity_id, valid_from
