-- name: tables
SELECT schema_name AS "schema", table_name AS "table" FROM duckdb_tables()
WHERE database_name = {{database}} AND NOT internal
ORDER BY schema_name, table_name

-- name: read
-- Every block of a table has to be read for this, and its checksum looked at.
SELECT CAST(max(hash(t)) AS VARCHAR) AS sum FROM {{table}} t

-- name: take
INSERT INTO {{table}} BY NAME SELECT * FROM {{from}}

-- name: take-files
-- As pull left them: what conform made of them, refusals too, is to be found out anew.
INSERT INTO {{table}} BY NAME
SELECT file.* REPLACE (
  false AS conformed,
  CASE WHEN file.refused_by IS NULL THEN file.refused_because END AS refused_because,
  CAST(NULL AS VARCHAR) AS refused_by,
  CAST(NULL AS VARCHAR) AS definition_hash
)
FROM {{from}} file

-- name: take-quarantine
INSERT INTO {{table}} BY NAME SELECT * FROM {{from}} WHERE reason IN ('unreadable', 'left-out')

-- name: count
SELECT count(*) AS count FROM {{table}}

-- name: published-files
-- Files a publication was made from; received no later than the run that first read them.
SELECT source_id, file_name, file_hash, bytes, format, row_count, refused_because
FROM read_parquet({{path}})
ORDER BY source_id, file_name, file_hash

-- name: note-batch
INSERT OR IGNORE INTO raw.batch VALUES ($batch_id, $source_id, CAST($received_at AS TIMESTAMP))

-- name: note-file
INSERT INTO raw.file BY NAME
SELECT CAST($file_id AS INTEGER) AS file_id, $batch_id AS batch_id, $source_id AS source_id, $file_name AS file_name,
  $file_hash AS file_hash, CAST($bytes AS BIGINT) AS bytes, $format AS format, CAST($row_count AS BIGINT) AS row_count,
  $parquet_path AS parquet_path, CAST($received_at AS TIMESTAMP) AS received_at, $refused_because AS refused_because

-- name: note-event
INSERT INTO raw.file_event (event_id, source_id, file_id, event, known_at, by_file)
SELECT $event_id, f.source_id, f.file_id, $event, CAST($at AS TIMESTAMP),
  (SELECT b.file_id FROM raw.file b WHERE b.source_id = $source AND b.file_hash = $by_sha256)
FROM raw.file f WHERE f.source_id = $source AND f.file_hash = $sha256

-- name: note-failed-pull
INSERT OR IGNORE INTO raw.pull_attempt VALUES ($source, CAST($attempted_at AS TIMESTAMP), $failed_because)

-- name: raw-files
-- Small files share one.
SELECT source_id AS source, parquet_path AS path, arg_min(file_name, file_id) AS name, arg_min(format, file_id) AS format
FROM raw.file WHERE parquet_path <> '' GROUP BY source_id, parquet_path ORDER BY min(file_id)

-- name: files-together
SELECT DISTINCT file_hash FROM read_parquet({{path}})

-- name: read-parquet
SELECT CAST(max(hash(t)) AS VARCHAR) AS sum FROM read_parquet({{path}}) t

-- name: note-received
-- Where it was fetched from nobody can say any more; its connector asks anew from the beginning, and knows it by its hash.
INSERT INTO raw.received (received_id, source_id, file_name, file_hash, bytes, path, address, received_at)
SELECT coalesce((SELECT max(received_id) FROM raw.received), 0) + 1, $source_id, $file_name, $file_hash, CAST($bytes AS BIGINT),
  $path, '', CAST($received_at AS TIMESTAMP)

-- name: find-run
SELECT CAST(as_of AS VARCHAR) AS as_of FROM held.scores.run
WHERE run_id = $run AND pipeline = $pipeline AND period = $period
