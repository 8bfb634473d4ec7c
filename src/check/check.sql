-- name: forget-results
DELETE FROM checks.result WHERE run_id = $run_id

-- name: forget-failing-rows
DELETE FROM checks.failing_row WHERE run_id = $run_id

-- name: forget-source-states
DELETE FROM checks.source_state WHERE run_id = $run_id

-- name: forget-alerts
DELETE FROM checks.operations_alert WHERE run_id = $run_id

-- name: note-alert
INSERT INTO checks.operations_alert VALUES ($run_id, $alert_key, $kind, $severity, $source_id, CAST($since AS DATE), $observed,
  $expected, $message_zh, $message_en)

-- name: failing-pull
-- Attempts since the last one that succeeded, by the as-of time, where the newest failed.
SELECT CAST(min(CAST(a.attempted_at AS DATE)) AS VARCHAR) AS since, count(*) AS failures, any_value(f.message_zh) AS message_zh,
  any_value(f.message_en) AS message_en
FROM checks.failed_pull f
JOIN raw.pull_attempt a ON a.source_id = f.source_id AND a.attempted_at <= f.attempted_at AND a.failed_because IS NOT NULL
WHERE f.run_id = $run_id AND f.source_id = $source AND a.attempted_at > coalesce((
  SELECT max(s.attempted_at) FROM raw.pull_attempt s
  WHERE s.source_id = f.source_id AND s.failed_because IS NULL AND s.attempted_at <= f.attempted_at
), TIMESTAMP '1970-01-01')
GROUP BY f.source_id

-- name: forget-failed-pulls
DELETE FROM checks.failed_pull WHERE run_id = $run_id

-- name: note-failed-pulls
INSERT INTO checks.failed_pull
SELECT $run_id, source_id, attempted_at, message_zh, message_en
FROM known.failed_pull WHERE list_contains(CAST(CAST($sources AS JSON) AS VARCHAR[]), source_id)

-- name: failed-pull
SELECT message_zh AS zh, message_en AS en FROM checks.failed_pull WHERE run_id = $run_id AND source_id = $source

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

-- name: note-result
INSERT INTO checks.result VALUES ($run_id, $check_id, $source_id, $severity, $passed, $failing_rows, $observed, $expected, $message_zh, $message_en)

-- name: note-source-state
INSERT INTO checks.source_state VALUES ($run_id, $source_id, $state, $message_zh, $message_en, $files, $rows_received, $rows_loaded,
  $rows_quarantined, $rows_duplicate, $rows_corrected, $rows_flagged, CAST($newest_known AS TIMESTAMP), CAST($newest_valid AS DATE), $rows_refused)

-- name: source-files
SELECT f.file_id, f.file_name, f.conformed, f.refused_because, f.row_count AS rows, f.rows_accepted AS accepted, f.rows_skipped AS skipped,
  (SELECT count(DISTINCT q.line) FROM quarantine.row q WHERE q.file_id = f.file_id AND q.reason = 'unreadable') AS unreadable
FROM known.received_file f
WHERE f.source_id = $source
ORDER BY f.file_name, f.file_hash

-- name: count-versions
SELECT count(*) AS versions, count(DISTINCT record_key) AS records FROM core.{{kind}}
WHERE source_id = $source AND known_from <= CAST($as_of AS TIMESTAMP)

-- name: count-flagged
SELECT count(*) AS flagged FROM core.{{kind}}
WHERE source_id = $source AND flags IS NOT NULL AND known_from <= CAST($as_of AS TIMESTAMP)

-- name: count-sightings
SELECT count(*) FILTER (outcome = 'duplicate') AS duplicate
FROM core.sighting WHERE source_id = $source AND known_from <= CAST($as_of AS TIMESTAMP)

-- name: count-set-aside
SELECT count(DISTINCT (file_id, line)) AS rows FROM known.set_aside WHERE source_id = $source AND NOT in_refused_file

-- name: count-illegal
-- Events that are known but do not hold.
SELECT count(DISTINCT (file_id, line)) AS rows FROM known.set_aside WHERE source_id = $source AND reason = 'illegal-event'

-- name: newest
SELECT CAST(max(known_from) AS VARCHAR) AS known, CAST(max(valid_from) AS VARCHAR) AS valid
FROM core.{{kind}} WHERE source_id = $source AND known_from <= CAST($as_of AS TIMESTAMP)

-- name: newest-sighting
SELECT CAST(max(known_from) AS VARCHAR) AS known
FROM core.sighting WHERE source_id = $source AND known_from <= CAST($as_of AS TIMESTAMP)

-- name: days-behind
SELECT date_diff('day', CAST($known AS DATE), CAST($end AS DATE)) AS days

-- name: fill
SELECT count(*) AS rows, count({{column}}) AS filled FROM known.{{kind}} WHERE source_id = $source
