-- name: file-rows
-- How many records each file holds that are known, and in how many of them each column has a value.
SELECT t.source_id, t.file_id, count(*) AS row_count{{counts}}
FROM known.{{table}} t
GROUP BY t.source_id, t.file_id
ORDER BY t.source_id, t.file_id

-- name: lacking-files
SELECT u.source_id, u.file_id, u.column_name
FROM known.undelivered u
WHERE list_contains(CAST(CAST($columns AS JSON) AS VARCHAR[]), u.column_name)
ORDER BY u.source_id, u.file_id, u.column_name

-- name: repeating-files
SELECT DISTINCT source_id, file_id FROM known.repeated ORDER BY source_id, file_id

-- name: file-hashes
SELECT file_id, file_hash FROM known.received_file

-- name: open-lacking
-- Seen by every connection, as what a batch gathers is.
ATTACH IF NOT EXISTS ':memory:' AS lacking;
CREATE OR REPLACE TABLE lacking.gap_file (indicator_id VARCHAR, source_id VARCHAR, file_id INTEGER, table_name VARCHAR, column_name VARCHAR);
CREATE OR REPLACE TABLE lacking.rescued (indicator_id VARCHAR, file_id INTEGER, line BIGINT)

-- name: close-lacking
DETACH DATABASE IF EXISTS lacking

-- name: fill-gap-files
INSERT INTO lacking.gap_file
SELECT g.indicator_id, g.source_id, unnest(g.files), g.table_name, g.column_name
FROM (SELECT unnest(from_json($gaps, '[{"indicator_id":"VARCHAR","source_id":"VARCHAR","files":["INTEGER"],"table_name":"VARCHAR","column_name":"VARCHAR"}]'), recursive := true)) g

-- name: rescue
-- A record that a file which delivers all says again, unchanged, is delivered: its version begins with the first that said it.
INSERT INTO lacking.rescued
SELECT DISTINCT $indicator, t.file_id, t.line
FROM known.{{table}} t
JOIN known.repeated r ON r.source_id = t.source_id AND r.record_key = t.record_key
  AND r.known_from >= t.known_from AND (t.known_to IS NULL OR r.known_from < t.known_to)
WHERE t.file_id IN (SELECT file_id FROM lacking.gap_file WHERE indicator_id = $indicator)
  AND r.file_id NOT IN (SELECT file_id FROM lacking.gap_file WHERE indicator_id = $indicator)

-- name: count-rescued
SELECT indicator_id, count(*) AS row_count, CAST(bit_xor(hash(file_id, line)) AS VARCHAR) AS parity
FROM lacking.rescued GROUP BY indicator_id ORDER BY indicator_id

-- name: delivered-months
SELECT DISTINCT CAST(make_date(year(t.valid_from), month(t.valid_from), 1) AS VARCHAR) AS month
FROM ({{delivered}}) t ORDER BY month

-- name: delivered-rows
SELECT t.* FROM known.{{table}} t
WHERE t.file_id NOT IN (SELECT file_id FROM lacking.gap_file WHERE indicator_id = {{indicator}})
  OR EXISTS (SELECT 1 FROM lacking.rescued r WHERE r.indicator_id = {{indicator}} AND r.file_id = t.file_id AND r.line = t.line)

-- name: completed-rows
-- What a file does not deliver, filled in with something: so that a row shows which body and period it would have counted for.
SELECT t.* REPLACE ({{columns}}) FROM known.{{table}} t

-- name: completed-column
CASE WHEN t.{{column}} IS NULL AND t.file_id IN (
  SELECT file_id FROM lacking.gap_file WHERE indicator_id = {{indicator}} AND column_name = {{name}}
) THEN CAST({{stand_in}} AS {{type}}) ELSE t.{{column}} END AS {{column}}

-- name: look-at-rows
CREATE OR REPLACE TEMP VIEW {{table}} AS {{rows}}

-- name: look-away
DROP VIEW IF EXISTS temp.{{table}}

-- name: left-out-rows
SELECT e.*
FROM ({{evidence}}) e
SEMI JOIN (SELECT file_id FROM lacking.gap_file WHERE indicator_id = {{indicator}}) g ON g.file_id = e.file_id
ANTI JOIN (SELECT file_id, line FROM lacking.rescued WHERE indicator_id = {{indicator}}) r ON r.file_id = e.file_id AND r.line = e.line
