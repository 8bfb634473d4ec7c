-- name: forget-results
-- What measuring found stays: it is written down by that stage, which runs after this one.
DELETE FROM checks.result
WHERE run_id = $run_id AND check_id NOT IN ('working-days', 'columns-delivered', 'records-usable', 'indicators-with-data')

-- name: forget-failing-rows
DELETE FROM checks.failing_row WHERE run_id = $run_id

-- name: forget-source-states
DELETE FROM checks.source_state WHERE run_id = $run_id

-- name: forget-alerts
DELETE FROM checks.operations_alert WHERE run_id = $run_id

-- name: forget-failed-pulls
DELETE FROM checks.failed_pull WHERE run_id = $run_id

-- name: note-failed-pulls
INSERT INTO checks.failed_pull
SELECT $run_id, source_id, attempted_at, message_zh, message_en
FROM known.failed_pull WHERE list_contains(CAST(CAST($sources AS JSON) AS VARCHAR[]), source_id)

-- name: gather-bad-rows
CREATE OR REPLACE TEMP TABLE bad_row AS
SELECT CAST(record_key AS VARCHAR) AS record_key, CAST(file_id AS INTEGER) AS file_id, CAST(line AS BIGINT) AS line, CAST(detail AS VARCHAR) AS detail
FROM ({{check}})

-- name: count-bad-rows
SELECT count(*) AS rows FROM bad_row

-- name: note-failing-rows
-- The first thousand are kept: enough to see what is wrong; the result has the number of all.
INSERT INTO checks.failing_row BY NAME
SELECT $run_id AS run_id, $check_id AS check_id, $source_id AS source_id, record_key, file_id, line, detail
FROM bad_row ORDER BY file_id, line, record_key, detail LIMIT 1000

-- name: fill
SELECT count(*) AS rows, count({{column}}) AS filled FROM known.{{kind}} WHERE source_id = $source

-- name: note-results
INSERT INTO checks.result BY NAME
SELECT $run_id AS run_id, r.* FROM (
  SELECT unnest(from_json(CAST($rows AS JSON), '[{"check_id": "VARCHAR", "source_id": "VARCHAR", "severity": "VARCHAR",
    "passed": "BOOLEAN", "failing_rows": "BIGINT", "observed": "VARCHAR", "expected": "VARCHAR", "message_zh": "VARCHAR",
    "message_en": "VARCHAR"}]')) AS r)

-- name: note-source-states
INSERT INTO checks.source_state BY NAME
SELECT $run_id AS run_id, s.* FROM (
  SELECT unnest(from_json(CAST($rows AS JSON), '[{"source_id": "VARCHAR", "state": "VARCHAR", "message_zh": "VARCHAR",
    "message_en": "VARCHAR", "files": "INTEGER", "rows_received": "BIGINT", "rows_loaded": "BIGINT", "rows_quarantined": "BIGINT",
    "rows_duplicate": "BIGINT", "rows_corrected": "BIGINT", "rows_flagged": "BIGINT", "newest_known": "TIMESTAMP",
    "newest_valid": "DATE", "rows_refused": "BIGINT"}]')) AS s)

-- name: note-alerts
INSERT INTO checks.operations_alert BY NAME
SELECT $run_id AS run_id, a.* FROM (
  SELECT unnest(from_json(CAST($rows AS JSON), '[{"alert_key": "VARCHAR", "kind": "VARCHAR", "severity": "VARCHAR",
    "source_id": "VARCHAR", "since": "DATE", "observed": "VARCHAR", "expected": "VARCHAR", "message_zh": "VARCHAR",
    "message_en": "VARCHAR"}]')) AS a)

-- name: failed-pulls
-- With the attempts since the last one that succeeded, by the as-of time.
SELECT f.source_id, any_value(f.message_zh) AS message_zh, any_value(f.message_en) AS message_en,
  CAST(min(CAST(a.attempted_at AS DATE)) AS VARCHAR) AS since, count(a.attempted_at) AS failures
FROM checks.failed_pull f
LEFT JOIN raw.pull_attempt a ON a.source_id = f.source_id AND a.attempted_at <= f.attempted_at AND a.failed_because IS NOT NULL
  AND a.attempted_at > coalesce((
    SELECT max(s.attempted_at) FROM raw.pull_attempt s
    WHERE s.source_id = f.source_id AND s.failed_because IS NULL AND s.attempted_at <= f.attempted_at
  ), TIMESTAMP '1970-01-01')
WHERE f.run_id = $run_id
GROUP BY f.source_id

-- name: source-files
SELECT f.source_id, f.file_id, f.file_hash, f.conformed, f.refused_because, f.row_count AS rows, f.rows_accepted AS accepted,
  f.rows_skipped AS skipped, coalesce(q.unreadable, 0) AS unreadable
FROM known.received_file f
LEFT JOIN (
  SELECT file_id, count(DISTINCT line) AS unreadable FROM quarantine.row WHERE reason = 'unreadable' GROUP BY file_id
) q ON q.file_id = f.file_id
ORDER BY f.source_id, f.file_hash

-- name: unread-columns
-- Columns of the files that are used which the definition does not read, by position; of JSON only their number.
SELECT n.places, CAST(n.amount AS INTEGER) AS amount, count(*) AS files
FROM raw.column_note n JOIN known.received_file f ON f.file_id = n.file_id
WHERE f.source_id = $source AND f.refused_because IS NULL AND n.kind = 'unread'
GROUP BY n.places, n.amount
ORDER BY n.places, n.amount

-- name: unfound-columns
-- Of JSON, which is judged over all records of a source: what the file that came last was noted with.
SELECT n.places, CAST(n.amount AS INTEGER) AS amount
FROM raw.column_note n
WHERE n.kind = 'unfound' AND n.file_id = (
  SELECT max(f.file_id) FROM known.received_file f WHERE f.source_id = $source AND f.refused_because IS NULL
)

-- name: count-kind
-- Changed: records of before the period that a report since its begin says otherwise, or its own after it had ended. What is
-- reported of the period's own records while it runs is their ordinary life.
SELECT source_id, count(*) AS versions, count(DISTINCT record_key) AS records, count(flags) AS flagged,
  count(DISTINCT record_key) FILTER (known_to <= CAST($as_of AS TIMESTAMP) AND known_to >= CAST($start AS DATE)
    AND (valid_from < CAST($start AS DATE) OR known_to >= CAST($end AS DATE) + 1)) AS changed,
  CAST(max(known_from) AS VARCHAR) AS newest_known, CAST(max(valid_from) AS VARCHAR) AS newest_valid,
  CAST(max(valid_from) FILTER (valid_from <= CAST($as_of AS TIMESTAMP)) AS VARCHAR) AS newest_happened
FROM (
  SELECT source_id, record_key, flags, known_from, known_to, valid_from FROM core.{{kind}}
  WHERE known_from <= CAST($as_of AS TIMESTAMP) AND source_id NOT IN (SELECT source_id FROM core.file_stretch)
  UNION ALL
  -- Where files were withdrawn or went, a line may hold in several spans: it counts once, as long as its file holds and it is
  -- not what another line says already. That it holds again is no news.
  SELECT c.source_id, any_value(c.record_key), any_value(c.flags), max(c.known_from) FILTER (a.line IS NULL),
    nullif(arg_max(coalesce(c.known_to, TIMESTAMP 'infinity'), c.known_from), TIMESTAMP 'infinity'), any_value(c.valid_from)
  FROM core.{{kind}} c
  LEFT JOIN core.known_again a ON a.source_id = c.source_id AND a.file_id = c.file_id AND a.line = c.line AND a.known_from = c.known_from
  WHERE c.known_from <= CAST($as_of AS TIMESTAMP)
    AND c.source_id IN (SELECT source_id FROM core.file_stretch) AND c.file_id NOT IN (SELECT file_id FROM known.withdrawn_file)
    AND NOT EXISTS (
      SELECT 1 FROM core.sighting s
      WHERE s.source_id = c.source_id AND s.file_id = c.file_id AND s.line = c.line
        AND s.known_from <= CAST($as_of AS TIMESTAMP) AND (s.known_to IS NULL OR s.known_to > CAST($as_of AS TIMESTAMP)))
  GROUP BY c.source_id, c.file_id, c.line
)
GROUP BY source_id

-- name: count-flags
SELECT source_id, flag, count(*) AS rows
FROM (
  SELECT source_id, unnest(flags) AS flag FROM core.{{kind}}
  WHERE flags IS NOT NULL AND known_from <= CAST($as_of AS TIMESTAMP)
    AND (known_to IS NULL OR known_to > CAST($as_of AS TIMESTAMP))
)
GROUP BY source_id, flag
ORDER BY source_id, flag

-- name: count-sightings
-- A superseded row was overtaken, as its source tells the order, by another of its record and moment.
SELECT s.source_id,
  count(*) FILTER (s.outcome IN ('duplicate', 'superseded') AND s.holds) AS duplicate,
  CAST(max(s.known_from) FILTER (a.line IS NULL) AS VARCHAR) AS newest_known,
  count(*) FILTER (s.outcome = 'conflict' AND s.holds) AS conflicts,
  count(DISTINCT s.record_key) FILTER (s.outcome = 'conflict' AND s.holds) AS conflicting,
  CAST(CAST(min(s.known_from) FILTER (s.outcome = 'conflict' AND s.holds) AS DATE) AS VARCHAR) AS conflicts_since
FROM (
  SELECT *, known_to IS NULL OR known_to > CAST($as_of AS TIMESTAMP) AS holds FROM core.sighting
) s
LEFT JOIN core.known_again a ON a.source_id = s.source_id AND a.file_id = s.file_id AND a.line = s.line AND a.known_from = s.known_from
WHERE s.known_from <= CAST($as_of AS TIMESTAMP) AND s.file_id NOT IN (SELECT file_id FROM known.withdrawn_file)
GROUP BY s.source_id

-- name: file-events
-- Of every file the newest of what was seen of it and of what was done by hand, by the as-of time.
SELECT e.source_id, e.file_id, f.file_hash, arg_max(e.event, e.event_id) AS event,
  CAST(arg_max(e.known_at, e.event_id) AS VARCHAR) AS at, f.refused_because IS NOT NULL AS refused,
  e.file_id NOT IN (SELECT file_id FROM known.withdrawn_file) AS holds
FROM known.file_event e JOIN known.held_file f ON f.file_id = e.file_id
GROUP BY e.source_id, e.file_id, f.file_name, f.file_hash, f.refused_because, e.event IN ('withdrawn', 'restored')
ORDER BY e.source_id, f.file_hash

-- name: count-set-aside
-- Illegal: events that are known but do not hold.
SELECT source_id, count(DISTINCT (file_id, line)) FILTER (NOT in_refused_file AND reason <> 'left-out') AS quarantined,
  count(DISTINCT (file_id, line)) FILTER (reason = 'illegal-event') AS illegal
FROM known.set_aside
GROUP BY source_id

-- name: bodies-twice
-- A division's code may be written with the noughts that statistics put behind it: it is the same division.
SELECT count(DISTINCT a.entity_id) AS bodies
FROM known.entity a
JOIN known.entity b ON (b.entity_id = a.entity_id OR rtrim(b.division_code, '0') = rtrim(a.division_code, '0'))
  AND (b.source_id <> a.source_id OR b.record_key <> a.record_key)
  AND a.valid_from < coalesce(b.valid_to, DATE '9999-12-31') AND b.valid_from < coalesce(a.valid_to, DATE '9999-12-31')
WHERE a.source_id = $source AND list_contains(CAST(CAST($sources AS JSON) AS VARCHAR[]), b.source_id)

-- name: count-alike
-- Records whose numbers differ from another's of their source in case or leading noughts alone.
WITH loose AS (
  SELECT DISTINCT source_id, record_key, regexp_replace(upper(record_key), '(^|[|])0+', '\1', 'g') AS loosely
  FROM core.{{kind}}
  WHERE known_from <= CAST($as_of AS TIMESTAMP) AND regexp_matches(record_key, '[a-z]|^0|[|]0')
), other AS (
  SELECT DISTINCT c.source_id, c.record_key, l.loosely
  FROM core.{{kind}} c JOIN loose l ON l.source_id = c.source_id AND l.loosely = c.record_key
  WHERE c.known_from <= CAST($as_of AS TIMESTAMP)
  UNION SELECT source_id, record_key, loosely FROM loose
)
SELECT source_id, count(*) AS records FROM (
  SELECT source_id, loosely FROM other GROUP BY source_id, loosely HAVING count(*) > 1)
GROUP BY source_id
