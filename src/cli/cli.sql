-- name: ranking-ends
-- The first and the last places of each peer class; all who share one of them.
SELECT r.peer_class, r.rank, r.ranked_of, r.entity_id, e.name_zh, e.name_en, r.score, r.grade, r.rank_previous, u.rank_low, u.rank_high
FROM (
  SELECT *, rank() OVER (PARTITION BY peer_class ORDER BY rank DESC) AS place_from_last
  FROM scores.rank
  WHERE run_id = $run_id AND period = $period AND state = 'ranked'
) r
JOIN known.entity e ON e.entity_id = r.entity_id
LEFT JOIN scores.rank_uncertainty u
  ON u.run_id = r.run_id AND u.period = r.period AND u.entity_id = r.entity_id AND u.error_source = 'all'
WHERE r.rank <= $shown OR r.place_from_last <= $shown
ORDER BY r.level, r.peer_class, r.rank, r.entity_id

-- name: status-sources
SELECT
  f.source_id,
  count(*) AS files,
  count(*) FILTER (WHERE f.refused_because IS NOT NULL) AS files_refused,
  sum(f.row_count) AS rows_received,
  coalesce(any_value(q.rows_quarantined), 0) AS rows_quarantined,
  coalesce(sum(f.row_count) FILTER (WHERE f.refused_because IS NOT NULL), 0) AS rows_refused,
  CAST(max(f.received_at) AS VARCHAR) AS newest_received,
  count(*) FILTER (g.seen IN ('gone', 'replaced')) AS files_gone,
  count(*) FILTER (g.by_hand = 'withdrawn') AS files_withdrawn,
  list_contains(CAST(CAST($sources AS JSON) AS VARCHAR[]), f.source_id) AS in_pipeline
FROM raw.file f
LEFT JOIN (
  SELECT file_id, arg_max(event, event_id) FILTER (event IN ('gone', 'replaced', 'back')) AS seen,
    arg_max(event, event_id) FILTER (event IN ('withdrawn', 'restored')) AS by_hand
  FROM raw.file_event GROUP BY file_id
) g ON g.file_id = f.file_id
LEFT JOIN (
  SELECT source_id, count(DISTINCT (file_id, line)) AS rows_quarantined FROM quarantine.row
  GROUP BY source_id
) q ON q.source_id = f.source_id
GROUP BY f.source_id
ORDER BY f.source_id

-- name: status-runs
SELECT run_id, pipeline, period, CAST(as_of AS VARCHAR) AS as_of, standard_id, state
FROM scores.run
WHERE pipeline = $pipeline
ORDER BY period, as_of, run_id

-- name: status-checks
-- Checks that failed in the newest question of the pipeline that was checked.
SELECT c.check_id, c.source_id, c.severity, c.failing_rows, c.message_zh, c.message_en
FROM checks.result c
WHERE NOT c.passed AND c.run_id = (
  SELECT r.run_id FROM scores.run r
  WHERE r.pipeline = $pipeline AND EXISTS (SELECT 1 FROM checks.source_state s WHERE s.run_id = r.run_id)
  ORDER BY r.as_of DESC, r.period DESC, r.run_id DESC LIMIT 1
)
ORDER BY c.severity, c.source_id, c.check_id

-- name: published-checks
SELECT check_id, source_id, severity, failing_rows, message_zh, message_en
FROM published.check_result
WHERE NOT passed
ORDER BY severity, source_id, check_id

-- name: status-alerts
-- Those of the pipeline's newest question that was checked, and sources that cannot be fetched whether or not a run has seen it.
-- That nothing was ever received says it all.
WITH told AS (
  SELECT a.source_id, a.kind, a.severity, a.alert_key, CAST(a.since AS VARCHAR) AS since, a.observed, a.expected,
    a.message_zh, a.message_en, a.run_id
  FROM checks.operations_alert a
  JOIN scores.run r ON r.run_id = a.run_id
  WHERE r.pipeline = $pipeline AND list_contains(CAST(CAST($sources AS JSON) AS VARCHAR[]), a.source_id)
    AND a.kind <> 'unfetched' AND NOT EXISTS (
    SELECT 1 FROM scores.run newer
    WHERE newer.pipeline = r.pipeline AND EXISTS (SELECT 1 FROM checks.source_state s WHERE s.run_id = newer.run_id)
      AND (newer.as_of, newer.period, newer.run_id) > (r.as_of, r.period, r.run_id)
  )
)
FROM told
UNION ALL
SELECT a.source_id, 'unfetched', 'critical', a.source_id || ':unfetched:' || CAST(CAST(min(a.attempted_at) AS DATE) AS VARCHAR),
  CAST(CAST(min(a.attempted_at) AS DATE) AS VARCHAR), CAST(count(*) AS VARCHAR), '0',
  split_part(arg_max(a.failed_because, a.attempted_at), chr(10), 1), split_part(arg_max(a.failed_because, a.attempted_at), chr(10), 2), NULL
FROM raw.pull_attempt a
WHERE list_contains(CAST(CAST($sources AS JSON) AS VARCHAR[]), a.source_id)
  AND a.source_id NOT IN (SELECT source_id FROM told WHERE kind = 'absent') AND a.attempted_at > coalesce((
  SELECT max(s.attempted_at) FROM raw.pull_attempt s WHERE s.source_id = a.source_id AND s.failed_because IS NULL
), TIMESTAMP '1970-01-01')
GROUP BY a.source_id
ORDER BY severity, source_id, kind

-- name: status-messages
-- Messages that were refused for good or given up, by channel, with the newest cause.
SELECT channel, state, count(*) AS messages, arg_max(last_error, not_before) AS cause
FROM (
  SELECT channel, state, last_error, not_before FROM warn.outbox WHERE state IN ('refused', 'failed')
  UNION ALL SELECT '@platform', state, last_error, not_before FROM record.outbox WHERE state IN ('refused', 'failed')
)
GROUP BY channel, state
ORDER BY channel, state

-- name: coverage
SELECT r.indicator_id, e.level,
  count(*) AS entities,
  count(*) FILTER (WHERE v.state = 'assessed') AS assessed,
  count(*) FILTER (WHERE v.state = 'not_applicable') AS not_applicable,
  count(*) FILTER (WHERE v.state = 'too_few') AS too_few,
  count(*) FILTER (WHERE v.state = 'no_data') AS no_data,
  sum(v.sample_size) AS sample_size, sum(v.excluded) AS excluded, sum(v.undelivered) AS undelivered
FROM facts.run_computation r
JOIN facts.value v ON v.fingerprint = r.fingerprint
JOIN known.entity e ON e.entity_id = v.entity_id
WHERE r.run_id = $run_id AND r.period = $period
GROUP BY r.indicator_id, e.level
ORDER BY r.indicator_id, e.level
