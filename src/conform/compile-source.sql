-- name: compiled-files
SELECT file_id, rule FROM raw.compiled_file WHERE source_id = $source

-- name: make-touched
-- Processes of which these files say something, or said something before.
CREATE OR REPLACE TEMP TABLE touched_process AS
WITH changed AS (SELECT unnest(CAST(CAST($changed AS JSON) AS INTEGER[])) AS file_id)
SELECT DISTINCT {{ocid}} AS ocid FROM {{view}} r WHERE r._file_id IN (SELECT file_id FROM changed)
UNION
SELECT ocid FROM raw.compiled_row WHERE source_id = $source AND file_id IN (SELECT file_id FROM changed)

-- name: ocid-of-release
trim(json_extract_string(r.json, '$.ocid'))

-- name: make-delivered
CREATE OR REPLACE TEMP TABLE delivered_release AS
SELECT {{ocid}} AS ocid, f.file_hash, f.file_id, r._line AS line, r.json
FROM {{view}} r JOIN raw.file f ON f.file_id = r._file_id
WHERE f.format LIKE 'ocds%'
  AND f.file_id IN (SELECT unnest(CAST(CAST($files AS JSON) AS INTEGER[])))
  AND {{ocid}} IN (SELECT ocid FROM touched_process)

-- name: size
SELECT coalesce(sum(length(json)), 0)::DOUBLE AS characters FROM delivered_release

-- name: part
-- In the order of the files' hashes, which decides between releases of one moment.
SELECT file_id, line::DOUBLE AS line, json FROM delivered_release
WHERE hash(ocid) % CAST($parts AS UBIGINT) = CAST($part AS UBIGINT)
ORDER BY file_hash, line

-- name: forget-compiled
DELETE FROM raw.compiled_row WHERE source_id = $source AND ocid IN (SELECT ocid FROM touched_process)

-- name: add-compiled
INSERT INTO raw.compiled_row
SELECT $source, x.ocid, x.file_id, x.line, x.json
FROM (SELECT unnest(from_json(CAST($rows AS JSON), '[{"ocid": "VARCHAR", "file_id": "INTEGER", "line": "BIGINT", "json": "VARCHAR"}]')) AS x)

-- name: forget-compiled-files
DELETE FROM raw.compiled_file WHERE source_id = $source AND file_id IN (SELECT unnest(CAST(CAST($changed AS JSON) AS INTEGER[])))

-- name: note-compiled-files
INSERT INTO raw.compiled_file
SELECT $source, x.file_id, x.rule
FROM (SELECT unnest(from_json(CAST($files AS JSON), '[{"file_id": "INTEGER", "rule": "VARCHAR"}]')) AS x)

-- name: forget-delivered
DROP TABLE IF EXISTS delivered_release

-- name: forget-touched
DROP TABLE IF EXISTS touched_process

-- name: count-compiled
SELECT file_id, count(*)::DOUBLE AS rows FROM raw.compiled_row WHERE source_id = $source GROUP BY file_id

-- name: count-several-buyers
SELECT count(DISTINCT ocid)::DOUBLE AS processes FROM raw.compiled_row
WHERE source_id = $source AND contains(json, {{mark}})

-- name: rows-of-source
(SELECT file_id AS "_file_id", line AS "_line", json FROM raw.compiled_row WHERE source_id = {{source}})
