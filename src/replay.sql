-- name: late-files
-- Sources of which files are held that were not known at the as-of time, or went or were withdrawn since, and whether one
-- of those known then is refused as a whole.
SELECT f.source_id,
  bool_or(k.file_id IS NULL) OR bool_or(f.file_id IN (SELECT file_id FROM raw.file_event WHERE known_at > getvariable('as_of'))) AS late,
  bool_or(k.file_id IS NOT NULL AND f.refused_by IS NOT NULL) AS refused
FROM raw.file f LEFT JOIN known.held_file k ON k.file_id = f.file_id
WHERE is_counted(f.source_id)
GROUP BY f.source_id

-- name: later-releases
SELECT 1 AS later FROM raw.release WHERE known_at > getvariable('as_of') AND is_counted(source_id) LIMIT 1

-- name: look-at-known
CREATE OR REPLACE TEMP VIEW record AS SELECT * FROM known.{{kind}} WHERE source_id = {{source}}

-- name: bad-rows
SELECT 1 AS bad FROM ({{check}}) LIMIT 1

-- name: close-view
DROP VIEW IF EXISTS temp.record

-- name: bounds
SELECT current_setting('memory_limit') AS memory, CAST(current_setting('threads') AS INTEGER) AS threads

-- name: write-file
-- As pull left them: what conform made of them is to be found out anew. A file that the database cannot work with is none the less so.
COPY (
  SELECT f.* REPLACE (
    false AS conformed,
    CASE WHEN f.refused_by IS NULL OR starts_with(f.refused_by, {{at_fault}}) THEN f.refused_because END AS refused_because,
    CASE WHEN starts_with(f.refused_by, {{at_fault}}) THEN f.refused_by END AS refused_by,
    CAST(NULL AS VARCHAR) AS definition_hash
  )
  FROM raw.file f SEMI JOIN known.held_file k ON k.file_id = f.file_id
) TO {{path}} (FORMAT parquet)

-- name: write-batch
COPY (SELECT * FROM raw.batch WHERE batch_id IN (SELECT batch_id FROM known.held_file)) TO {{path}} (FORMAT parquet)

-- name: write-row
COPY (
  SELECT * FROM quarantine.row WHERE reason IN ('unreadable', 'left-out') AND file_id IN (SELECT file_id FROM known.held_file)
) TO {{path}} (FORMAT parquet)

-- name: write-file_event
COPY (SELECT * FROM raw.file_event WHERE event_id IN (SELECT event_id FROM known.file_event)) TO {{path}} (FORMAT parquet)

-- name: write-file_key
COPY (SELECT * FROM raw.file_key WHERE file_id IN (SELECT file_id FROM known.held_file)) TO {{path}} (FORMAT parquet)

-- name: write-pull_attempt
COPY (SELECT * FROM raw.pull_attempt WHERE attempted_at <= getvariable('as_of')) TO {{path}} (FORMAT parquet)

-- name: write-release
COPY (SELECT * FROM known.release) TO {{path}} (FORMAT parquet)

-- name: write-description
COPY (SELECT * FROM raw.description) TO {{path}} (FORMAT parquet)

-- name: write-file_description
COPY (SELECT * FROM raw.file_description WHERE file_id IN (SELECT file_id FROM known.held_file)) TO {{path}} (FORMAT parquet)

-- name: read
INSERT INTO {{table}} BY NAME SELECT * FROM read_parquet({{path}})
