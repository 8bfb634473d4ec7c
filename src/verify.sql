-- name: detach
DETACH held

-- name: copy-files
-- As pull left them: what conform made of them, refusals too, is to be found out anew. Only those that the database could not
-- work with, and that the manifest knows as refused, stay so: that hung on the bounds of then.
INSERT INTO raw.file BY NAME
SELECT file.* REPLACE (
  false AS conformed,
  CASE WHEN file.refused_by IS NULL OR (named.refused AND starts_with(file.refused_by, {{at_fault}})) THEN file.refused_because END AS refused_because,
  CASE WHEN named.refused AND starts_with(file.refused_by, {{at_fault}}) THEN file.refused_by END AS refused_by,
  CAST(NULL AS VARCHAR) AS definition_hash
)
FROM held.raw.file file
JOIN (
  SELECT unnest(from_json(CAST($inputs AS JSON), '[{"source": "VARCHAR", "sha256": "VARCHAR", "refused": "BOOLEAN"}]'), recursive := true)
) named ON file.source_id = named.source AND file.file_hash = named.sha256

-- name: copy-batches
INSERT INTO raw.batch
SELECT batch.* FROM held.raw.batch batch
WHERE batch.batch_id IN (SELECT batch_id FROM raw.file)

-- name: copy-unreadable
INSERT INTO quarantine.row BY NAME
SELECT refused.* FROM held.quarantine.row refused
WHERE refused.reason IN ('unreadable', 'left-out') AND refused.file_id IN (SELECT file_id FROM raw.file)

-- name: copy-keys
INSERT INTO raw.file_key
SELECT k.* FROM held.raw.file_key k WHERE k.file_id IN (SELECT file_id FROM raw.file)

-- name: copy-redactions
INSERT INTO raw.redaction BY NAME
SELECT x.* FROM held.raw.redaction x
WHERE x.file_id IN (SELECT file_id FROM raw.file)

-- name: copy-releases
INSERT INTO raw.release BY NAME SELECT r.* FROM held.raw.release r

-- name: copy-descriptions
INSERT INTO raw.description BY NAME SELECT d.* FROM held.raw.description d

-- name: copy-file-descriptions
INSERT INTO raw.file_description BY NAME
SELECT x.* FROM held.raw.file_description x WHERE x.file_id IN (SELECT file_id FROM raw.file)

-- name: redacted
SELECT f.parquet_path, x.parquet_hash
FROM raw.redaction x JOIN raw.file f ON f.file_id = x.file_id
WHERE x.parquet_hash IS NOT NULL
ORDER BY f.parquet_path

-- name: count-files
SELECT count(*) AS files FROM raw.file

-- name: restore-failed-pull
INSERT INTO raw.pull_attempt VALUES ($source_id, CAST($attempted_at AS TIMESTAMP), $failed_because)

-- name: restore-event
INSERT INTO raw.file_event (event_id, source_id, file_id, event, known_at, by_file)
SELECT $event_id, f.source_id, f.file_id, $event, CAST($at AS TIMESTAMP),
  (SELECT b.file_id FROM raw.file b WHERE b.source_id = $source AND b.file_hash = $by_sha256)
FROM raw.file f WHERE f.source_id = $source AND f.file_hash = $sha256

-- name: list-files
SELECT source_id AS source, file_hash AS sha256 FROM held.raw.file ORDER BY ALL

-- name: copy-events
INSERT INTO raw.file_event BY NAME SELECT e.* FROM held.raw.file_event e

-- name: copy-attempts
INSERT INTO raw.pull_attempt BY NAME SELECT a.* FROM held.raw.pull_attempt a
