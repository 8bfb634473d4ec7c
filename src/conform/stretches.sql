-- name: read-events
SELECT file_id, event, CAST(known_at AS VARCHAR) AS at, by_file FROM raw.file_event
WHERE source_id = $source ORDER BY event_id

-- name: conformed-by
SELECT events_hash FROM core.source_events WHERE source_id = $source

-- name: forget-stretches
DELETE FROM core.file_stretch WHERE source_id = $source

-- name: keep-stretches
INSERT INTO core.file_stretch BY NAME
SELECT $source AS source_id, CAST(x ->> 'file_id' AS INTEGER) AS file_id, CAST(x ->> 'begins' AS TIMESTAMP) AS begins, CAST(x ->> 'ends' AS TIMESTAMP) AS ends
FROM (SELECT unnest(CAST(CAST($stretches AS JSON) AS JSON[])) AS x)

-- name: note-conformed-by
INSERT OR REPLACE INTO core.source_events VALUES ($source, $events_hash)

-- name: lay-out-stretches
-- Of every file that came, when its rows hold.
CREATE OR REPLACE TEMP TABLE stretch AS
SELECT file_id, begins, ends FROM core.file_stretch WHERE source_id = $source
UNION ALL
SELECT file_id, TIMESTAMP '-infinity', TIMESTAMP 'infinity' FROM delivery
WHERE file_id NOT IN (SELECT file_id FROM core.file_stretch WHERE source_id = $source)

-- name: find-limited
-- Keys that are reported by a file whose rows do not hold always.
INSERT INTO repeated
SELECT DISTINCT record_key FROM incoming
WHERE file_id IN (SELECT file_id FROM core.file_stretch WHERE source_id = $source)
  AND record_key NOT IN (SELECT record_key FROM repeated)

-- name: cut-keys
-- Of every key the spans of time in which the same files hold.
CREATE OR REPLACE TEMP TABLE key_stretch AS
WITH cut AS (
  SELECT DISTINCT p.record_key, unnest([s.begins, s.ends]) AS edge
  FROM ({{points}}) p JOIN stretch s ON s.file_id = p.file_id
), span AS (
  SELECT record_key, edge AS begins, lead(edge) OVER (PARTITION BY record_key ORDER BY edge) AS ends,
    row_number() OVER (PARTITION BY record_key ORDER BY edge) AS place
  FROM cut
)
SELECT record_key, begins, ends, record_key || chr(31) || place AS span_key FROM span WHERE ends IS NOT NULL

-- name: note-order
CREATE OR REPLACE TEMP TABLE row_order AS
SELECT file_id, line, order_number, order_time FROM ({{reports}})

-- name: points-with-order
SELECT p.*, o.order_number, o.order_time
FROM ({{points}}) p LEFT JOIN row_order o ON o.file_id = p.file_id AND o.line = p.line

-- name: points-by-span
-- In each span the reports of the files that hold then are put in order by themselves.
SELECT p.* REPLACE (k.span_key AS record_key)
FROM ({{points}}) p
JOIN stretch s ON s.file_id = p.file_id
JOIN key_stretch k ON k.record_key = p.record_key AND k.begins >= s.begins AND k.ends <= s.ends

-- name: join-spans
-- Each outcome is cut to its span; one that goes on in the next span is one.
CREATE OR REPLACE TEMP TABLE sighting AS
WITH cut AS (
  SELECT k.record_key, s.row_hash, s.file_id, s.line, s.outcome, s.known_from AS told_from,
    greatest(s.known_from, k.begins) AS begins, least(coalesce(s.known_to, TIMESTAMP 'infinity'), k.ends) AS ends
  FROM sighting s JOIN key_stretch k ON k.span_key = s.record_key
), led AS (
  SELECT *, begins IS DISTINCT FROM lag(ends) OVER (
    PARTITION BY record_key, row_hash, file_id, line, outcome ORDER BY begins) AS leads
  FROM cut WHERE begins < ends
), numbered AS (
  SELECT *, sum(CAST(leads AS INTEGER)) OVER (
    PARTITION BY record_key, row_hash, file_id, line, outcome ORDER BY begins ROWS UNBOUNDED PRECEDING) AS run
  FROM led
)
SELECT record_key, row_hash, min(begins) AS known_from, file_id, line, outcome,
  CASE WHEN max(ends) < TIMESTAMP 'infinity' THEN max(ends) END AS known_to, min(told_from) AS told_from
FROM numbered GROUP BY record_key, row_hash, file_id, line, outcome, run

-- name: note-known-again
INSERT INTO core.known_again
SELECT DISTINCT $source, file_id, line, known_from FROM sighting WHERE known_from > told_from

-- name: end-sightings
UPDATE core.sighting t SET known_to = s.known_to
FROM sighting s
WHERE t.source_id = $source AND s.outcome <> 'version' AND s.known_to IS NOT NULL
  AND t.record_key = s.record_key AND t.file_id = s.file_id AND t.line = s.line AND t.outcome = s.outcome AND t.known_from = s.known_from
