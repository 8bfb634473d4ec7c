-- name: core-columns
SELECT table_name AS kind, column_name AS name, data_type AS type, is_nullable AS nullable, column_default AS fallback
FROM duckdb_columns()
WHERE database_name = current_database() AND schema_name = 'core'
ORDER BY table_name, column_index

-- name: files-of-sources
SELECT f.source_id, f.file_id, f.file_name, f.file_hash, f.row_count,
  CAST(f.received_at AS VARCHAR) AS received_at,
  f.conformed, f.refused_by, f.refused_because, f.definition_hash, coalesce(q.lines, 0) AS unreadable
FROM raw.file f LEFT JOIN (
  SELECT file_id, count(DISTINCT line) AS lines FROM quarantine.row WHERE reason = 'unreadable' GROUP BY file_id
) q ON q.file_id = f.file_id
WHERE list_contains(CAST(CAST($sources AS JSON) AS VARCHAR[]), f.source_id)
ORDER BY f.source_id, f.file_hash

-- name: entity-codes-fingerprint
SELECT coalesce(sha256(string_agg(concat_ws(chr(31), code, scheme, entity_id, valid_from, coalesce(CAST(valid_to AS VARCHAR), '')), chr(30)
  ORDER BY code, scheme, entity_id, valid_from, valid_to)), '') AS fingerprint
FROM core.entity_code
WHERE known_to IS NULL
  AND list_contains(CAST(CAST($earlier AS JSON) AS VARCHAR[]), source_id)

-- name: files-at-fault
-- Files that the database could not work with, and under what.
SELECT DISTINCT source_id, refused_by FROM raw.file WHERE starts_with(refused_by, {{mark}}) ORDER BY ALL

-- name: try-again
UPDATE raw.file SET refused_because = NULL, refused_by = NULL WHERE source_id = $source AND refused_by = $refused_by

-- name: refuse-at-fault
UPDATE raw.file SET refused_because = $refused_because, refused_by = $refused_by, rows_accepted = 0, rows_skipped = 0
WHERE file_id = $file_id

-- name: forget-used
-- Of files that the database could not work with any more.
UPDATE raw.file SET conformed = false WHERE source_id = $source AND conformed AND refused_because IS NOT NULL

-- name: forget-core
DELETE FROM core.{{kind}} WHERE source_id = $source

-- name: forget-codes
DELETE FROM core.entity_code WHERE source_id = $source

-- name: forget-sightings
DELETE FROM core.sighting WHERE source_id = $source

-- name: forget-known-again
DELETE FROM core.known_again WHERE source_id = $source

-- name: forget-undelivered
DELETE FROM core.undelivered WHERE source_id = $source

-- name: note-undelivered
INSERT INTO core.undelivered
SELECT $source, f.file_id, c.column_name
FROM (SELECT unnest(CAST(CAST($files AS JSON) AS INTEGER[])) AS file_id) f
CROSS JOIN (SELECT unnest(CAST(CAST($columns AS JSON) AS VARCHAR[])) AS column_name) c
ORDER BY f.file_id, c.column_name

-- name: forget-persons
DELETE FROM restricted.person WHERE source_id = $source AND retained_until >= CAST(getvariable('as_of') AS DATE)

-- name: forget-quarantine
DELETE FROM quarantine.row WHERE source_id = $source AND reason NOT IN ('unreadable', 'left-out')

-- name: rows-that-differ
SELECT 1 AS differs FROM {{view}} WHERE {{different}} LIMIT 1

-- name: describe-file
DESCRIBE {{view}}

-- name: keys-of-source
-- In the order of the files' hashes. A file with rows whose keys were not noted gives NULL. Of a source that came as tables too
-- only the files of records.
SELECT k.path
FROM raw.file f LEFT JOIN raw.file_key k ON k.file_id = f.file_id
WHERE f.source_id = $source AND f.parquet_path <> '' AND f.row_count > 0 AND ($all OR f.format SIMILAR TO '(nd)?json( .*)?')
GROUP BY k.path
ORDER BY min((f.file_hash, k.position))

-- name: releases
SELECT column_name, bool_or(mark IS NULL) AS all, coalesce(list(mark ORDER BY mark) FILTER (mark IS NOT NULL), []) AS marks
FROM known.release WHERE source_id = $source GROUP BY column_name ORDER BY column_name

-- name: set-aside
-- What a refused file says: people must see it, and here alone.
INSERT INTO quarantine.row (source_id, file_id, line, column_name, value, reason, message_zh, message_en)
VALUES ($source, $file_id, $line, NULL, $value, $reason, $zh, $en)

-- name: forget-column-notes
DELETE FROM raw.column_note WHERE file_id IN (SELECT unnest(CAST(CAST($files AS JSON) AS INTEGER[])))

-- name: note-columns
INSERT INTO raw.column_note
SELECT f.file_id, note.kind, note.amount, note.places
FROM (SELECT unnest(CAST(CAST($files AS JSON) AS INTEGER[])) AS file_id) f
CROSS JOIN (SELECT unnest(from_json(CAST($notes AS JSON), '[{"kind": "VARCHAR", "amount": "INTEGER", "places": "VARCHAR"}]')) AS note) n

-- name: make-delivery
CREATE OR REPLACE TEMP TABLE delivery (
  file_id INTEGER NOT NULL, file_values VARCHAR[] NOT NULL, known_at VARCHAR, received_at TIMESTAMP NOT NULL
)

-- name: note-delivery
INSERT INTO delivery
SELECT CAST(x ->> 'file_id' AS INTEGER), CAST(x -> 'file_values' AS VARCHAR[]), x ->> 'known_at', CAST(x ->> 'received_at' AS TIMESTAMP)
FROM (SELECT unnest(CAST(CAST($files AS JSON) AS JSON[])) AS x)

-- name: count-accepted
SELECT file_id, count(*) AS rows, CAST(min(known_from) AS VARCHAR) AS known FROM (
  SELECT file_id, known_from FROM core.{{kind}} WHERE source_id = $source AND file_id IN (SELECT file_id FROM delivery)
  UNION ALL
  SELECT file_id, known_from FROM incoming
  UNION ALL
  SELECT file_id, known_from FROM sighting WHERE outcome <> 'version')
GROUP BY file_id

-- name: settle-files
UPDATE raw.file AS held
SET conformed = f.conformed, refused_because = f.refused_because, refused_by = f.refused_by,
    definition_hash = $definition_hash, rows_accepted = f.accepted, rows_skipped = f.skipped,
    first_known = TRY_CAST(f.first_known AS TIMESTAMP)
FROM (
  SELECT unnest(from_json(CAST($files AS JSON), '[{"file_id": "INTEGER", "conformed": "BOOLEAN", "refused_because": "VARCHAR",
    "refused_by": "VARCHAR", "accepted": "BIGINT", "skipped": "BIGINT", "first_known": "VARCHAR"}]')) AS f
) settled
WHERE held.file_id = f.file_id

-- name: note-first-known
UPDATE raw.file AS held SET first_known = TRY_CAST(f.first_known AS TIMESTAMP)
FROM (
  SELECT unnest(from_json(CAST($files AS JSON), '[{"file_id": "INTEGER", "first_known": "VARCHAR"}]')) AS f
) named
WHERE held.file_id = f.file_id

-- name: holds-rows
SELECT 1 AS held FROM (
  SELECT source_id FROM core.{{kind}} WHERE source_id = $source
  UNION ALL SELECT source_id FROM core.sighting WHERE source_id = $source) LIMIT 1

-- name: try-pattern
SELECT regexp_extract('', {{pattern}}, 1)

-- name: try-formats
SELECT try_strptime('2018-01-05', [{{formats}}])

-- name: try-value
SELECT CAST($value AS {{type}})
