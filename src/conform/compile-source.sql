-- name: make-delivered
-- In the order of the files' hashes, which decides between releases of one moment.
CREATE OR REPLACE TEMP TABLE delivered_release AS
SELECT trim(json_extract_string(r.json, '$.ocid')) AS ocid, row_number() OVER (ORDER BY f.file_hash, r._line) AS place,
  f.file_id, r._line AS line, r.json
FROM {{view}} r JOIN raw.file f ON f.file_id = r._file_id
WHERE f.format LIKE 'ocds%'
  AND f.file_id IN (SELECT unnest(CAST(CAST($files AS JSON) AS INTEGER[])))

-- name: size
SELECT coalesce(sum(length(json)), 0)::DOUBLE AS characters FROM delivered_release

-- name: part
SELECT place::DOUBLE AS place, file_id, line::DOUBLE AS line, json FROM delivered_release
WHERE hash(ocid) % CAST($parts AS UBIGINT) = CAST($part AS UBIGINT)
ORDER BY place

-- name: make-compiled
CREATE OR REPLACE TEMP TABLE compiled_release (_file_id INTEGER, _line BIGINT, json VARCHAR)

-- name: add-compiled
INSERT INTO compiled_release
SELECT x.file_id, x.line, x.json
FROM (SELECT unnest(from_json(CAST($rows AS JSON), '[{"file_id": "INTEGER", "line": "BIGINT", "json": "VARCHAR"}]')) AS x)

-- name: forget-delivered
DROP TABLE IF EXISTS delivered_release

-- name: count-compiled
SELECT _file_id AS file_id, count(*)::DOUBLE AS rows FROM compiled_release GROUP BY _file_id

-- name: forget-profiles
-- What a file's releases make of their processes hangs on other files, too.
DELETE FROM raw.text_profile WHERE file_id IN (SELECT unnest(CAST(CAST($files AS JSON) AS INTEGER[])))
