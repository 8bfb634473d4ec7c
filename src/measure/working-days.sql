-- name: calendar-span
SELECT CAST(min(day) AS VARCHAR) AS first, CAST(max(day) AS VARCHAR) AS last FROM known.calendar_day

-- name: day-columns
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = 'known' AND list_contains(CAST(CAST($tables AS JSON) AS VARCHAR[]), table_name)
  AND (data_type = 'DATE' OR data_type LIKE 'TIMESTAMP%')
ORDER BY table_name, column_name

-- name: reaches-outside
-- Whether a table holds a day near which working days may be unknown.
SELECT coalesce(least({{firsts}}) < CAST($first AS DATE) OR greatest({{lasts}}) > CAST($last AS DATE) - CAST($margin AS INTEGER), false) AS outside
FROM known.{{table}}

-- name: evidence-forms
WITH working_days_soon AS ({{soon}}), working_days_late AS ({{late}}),
working_days_certain AS (SELECT * FROM working_days_soon INTERSECT ALL SELECT * FROM working_days_late),
working_days_open AS (SELECT * FROM working_days_soon EXCEPT ALL SELECT * FROM working_days_certain),
working_days_open_late AS (SELECT * FROM working_days_late EXCEPT ALL SELECT * FROM working_days_certain)

-- name: uncounted-evidence
-- Rows that hang on a day outside the calendar: they would differ, or be there at all, by what it is.
SELECT * FROM working_days_open
UNION ALL
SELECT l.* FROM working_days_open_late l
ANTI JOIN working_days_open s
  ON s.file_id IS NOT DISTINCT FROM l.file_id AND s.line IS NOT DISTINCT FROM l.line AND s.entity_id IS NOT DISTINCT FROM l.entity_id

-- name: counted-evidence
SELECT * FROM working_days_certain
UNION ALL
SELECT * REPLACE (true AS excluded) FROM ({{uncounted}}) AS uncounted

-- name: clear-uncounted
CREATE OR REPLACE TEMP TABLE uncounted_row (
  indicator_id VARCHAR, source_id VARCHAR, record_key VARCHAR, file_id INTEGER, line BIGINT, occurred_on DATE)

-- name: gather-uncounted
INSERT INTO uncounted_row
SELECT $indicator, f.source_id, u.record_key, u.file_id, u.line, CAST(u.occurred_on AS DATE)
FROM ({{uncounted}}) AS u
LEFT JOIN raw.file f ON f.file_id = u.file_id

-- name: gather-uncounted-steps
-- Steps of records whose limit ends on nobody knows which day.
INSERT INTO uncounted_row
SELECT NULL, e.source_id, e.record_key, e.file_id, e.line, s.begun_on
FROM known.record_step s
JOIN known.record_event e ON e.record_key = s.record_key AND e.entity_id = s.entity_id AND e.of_record = s.of_record
WHERE s.due_on IS NULL

-- name: count-uncounted
SELECT coalesce(source_id, '') AS source_id, count(DISTINCT (file_id, line, record_key)) AS row_count,
  count(DISTINCT (file_id, line, record_key)) FILTER (WHERE occurred_on BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)) AS in_window,
  list_sort(list(DISTINCT indicator_id)) AS indicators, bool_or(indicator_id IS NULL) AS steps
FROM uncounted_row GROUP BY coalesce(source_id, '') ORDER BY source_id

-- name: forget-failing-rows
DELETE FROM checks.failing_row WHERE run_id = $run AND check_id = 'working-days'

-- name: forget-alerts
DELETE FROM checks.operations_alert WHERE run_id = $run AND kind = 'uncounted'

-- name: note-failing-rows
-- The first thousand of each source are kept: enough to see what is wrong; the result has the number of all.
INSERT INTO checks.failing_row BY NAME
SELECT $run AS run_id, 'working-days' AS check_id, source_id, record_key, file_id, line, detail
FROM (
  SELECT source_id, record_key, file_id, line, string_agg(DISTINCT indicator_id, ', ' ORDER BY indicator_id) AS detail,
    row_number() OVER (PARTITION BY source_id ORDER BY file_id, line, record_key) AS place
  FROM uncounted_row GROUP BY source_id, record_key, file_id, line
) WHERE place <= 1000
ORDER BY source_id, place

-- name: note-alerts
INSERT INTO checks.operations_alert BY NAME
SELECT $run AS run_id, coalesce(r.source_id, 'calendar') || ':uncounted:' AS alert_key, 'uncounted' AS kind, 'warning' AS severity,
  coalesce(r.source_id, 'calendar') AS source_id, CAST(NULL AS DATE) AS since, r.observed, r.expected, r.message_zh, r.message_en
FROM (SELECT unnest(from_json($rows, '[{"source_id":"VARCHAR","observed":"VARCHAR","expected":"VARCHAR","message_zh":"VARCHAR","message_en":"VARCHAR"}]'), recursive := true)) r
