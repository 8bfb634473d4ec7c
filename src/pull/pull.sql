-- name: copy-plain
-- No new_line here: told that lines end in \r\n, DuckDB 1.5 reads no row at all and says nothing; untold, it takes either.
COPY (
  SELECT row_number() OVER () + {{lines_before}} AS "_line"{{columns}}
  FROM read_csv({{input}}, auto_detect = false, header = true, delim = {{delimiter}}, quote = '"', escape = '"',
    columns = {{types}}, force_not_null = {{names}}, strict_mode = true)
) TO {{output}} (FORMAT parquet, COMPRESSION zstd)

-- name: copy-table
COPY (
  SELECT line AS "_line"{{columns}}
  FROM read_csv({{input}}, auto_detect = false, header = false, delim = ',', quote = {{quote}}, escape = {{quote}},
    new_line = '\n', columns = {{types}}, force_not_null = {{names}}, strict_mode = true,
    max_line_size = {{longest}}, buffer_size = {{buffer}}, parallel = false)
) TO {{output}} (FORMAT parquet, COMPRESSION zstd)

-- name: files-held
-- Used: conform took it as it was read then.
SELECT f.file_id, f.file_hash, f.parquet_path, f.format,
  f.parquet_path <> '' AND f.row_count > 0 AND x.file_id IS NOT NULL AND (f.refused_because IS NULL OR f.refused_by IS NOT NULL) AS used
FROM raw.file f LEFT JOIN raw.file_description x ON x.file_id = f.file_id
WHERE f.source_id = $source_id
ORDER BY f.file_id

-- name: sources-held
SELECT DISTINCT source_id FROM raw.file

-- name: last-file
SELECT coalesce(max(file_id), 0) AS file_id FROM raw.file

-- name: note-batch
INSERT INTO raw.batch (batch_id, source_id, received_at)
VALUES ($batch_id, $source_id, CAST($received_at AS TIMESTAMP))

-- name: note-files
INSERT INTO raw.file (file_id, batch_id, source_id, file_name, file_hash, bytes, format, row_count, parquet_path,
  received_at, conformed, refused_because)
SELECT f.file_id, $batch_id, $source_id, f.file_name, f.file_hash, f.bytes, f.format, f.row_count, f.parquet_path,
  f.received_at, false, f.refused_because
FROM (
  SELECT unnest(from_json(CAST($files AS JSON), '[{"file_id": "INTEGER", "file_name": "VARCHAR", "file_hash": "VARCHAR",
    "bytes": "BIGINT", "format": "VARCHAR", "row_count": "BIGINT", "parquet_path": "VARCHAR", "received_at": "TIMESTAMP",
    "refused_because": "VARCHAR", "again": "BOOLEAN"}]')) AS f
) WHERE NOT f.again
ORDER BY f.file_id

-- name: forget-redaction
DELETE FROM raw.redaction WHERE file_id IN (SELECT unnest(CAST(CAST($again AS JSON) AS INTEGER[])))

-- name: note-files-again
UPDATE raw.file AS held
SET format = f.format, row_count = f.row_count, parquet_path = f.parquet_path,
  conformed = held.conformed AND held.format = f.format,
  refused_because = CASE WHEN held.format = f.format AND held.refused_by IS NOT NULL THEN held.refused_because ELSE f.refused_because END,
  refused_by = CASE WHEN held.format = f.format THEN held.refused_by END
FROM (
  SELECT unnest(from_json(CAST($files AS JSON), '[{"file_id": "INTEGER", "format": "VARCHAR", "row_count": "BIGINT",
    "parquet_path": "VARCHAR", "refused_because": "VARCHAR", "again": "BOOLEAN"}]')) AS f
) noted
WHERE f.again AND held.file_id = f.file_id

-- name: forget-unreadable
DELETE FROM quarantine.row WHERE reason IN ('unreadable', 'left-out') AND file_id IN (SELECT unnest(CAST(CAST($again AS JSON) AS INTEGER[])))

-- name: quarantine-unreadable
INSERT INTO quarantine.row (source_id, file_id, line, column_name, value, reason, message_zh, message_en)
SELECT $source_id, $file_id, entry.line, NULL, entry.text, entry.reason, entry.zh, entry.en
FROM (
  SELECT unnest(from_json(CAST($lines AS JSON), '[{"line": "BIGINT", "reason": "VARCHAR", "text": "VARCHAR", "zh": "VARCHAR", "en": "VARCHAR"}]')) AS entry
)

-- name: forget-keys
DELETE FROM raw.file_key WHERE file_id IN (SELECT unnest(CAST(CAST($again AS JSON) AS INTEGER[])))

-- name: note-keys
INSERT INTO raw.file_key
SELECT f.file_id, generate_subscripts(f.paths, 1), unnest(f.paths)
FROM (SELECT unnest(from_json(CAST($files AS JSON), '[{"file_id": "INTEGER", "paths": ["VARCHAR"]}]')) AS f)

-- name: note-attempt
INSERT OR REPLACE INTO raw.pull_attempt VALUES ($source_id, CAST($attempted_at AS TIMESTAMP), $failed_because)

-- name: files-seen
-- Files of a source with what was last seen of them and who last withdrew them.
SELECT f.file_id, f.file_name, f.file_hash, f.bytes,
  (SELECT arg_max(e.event, e.event_id) FROM raw.file_event e
   WHERE e.file_id = f.file_id AND e.event IN ('gone', 'replaced', 'back')) AS seen,
  (SELECT arg_max(e.event, e.event_id) FROM raw.file_event e
   WHERE e.file_id = f.file_id AND e.event IN ('withdrawn', 'restored')) AS by_hand
FROM raw.file f
WHERE f.source_id = $source_id
ORDER BY f.file_id

-- name: last-look
-- When the source was last looked at with success, or something was last noted of its files.
SELECT CAST(max(known_at) AS VARCHAR) AS at FROM (
  SELECT attempted_at AS known_at FROM raw.pull_attempt WHERE source_id = $source_id AND failed_because IS NULL
  UNION ALL
  SELECT known_at FROM raw.file_event WHERE source_id = $source_id
)

-- name: note-event
INSERT INTO raw.file_event (event_id, source_id, file_id, event, known_at, by_file)
SELECT coalesce(max(event_id), 0) + 1, $source_id, $file_id, $event, CAST($at AS TIMESTAMP),
  (SELECT file_id FROM raw.file WHERE source_id = $source_id AND file_hash = $by_hash)
FROM raw.file_event
