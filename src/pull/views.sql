-- name: files-of-source
SELECT file_id, parquet_path, format
FROM raw.file
WHERE source_id = $source_id
ORDER BY file_id

-- name: no-view
DROP VIEW IF EXISTS raw.{{view}}

-- name: file-view
CREATE OR REPLACE VIEW raw.{{view}} AS
SELECT CAST({{file_id}} AS INTEGER) AS "_file_id", * FROM read_parquet({{path}})

-- name: parquet-file-view
CREATE OR REPLACE VIEW raw.{{view}} AS
SELECT CAST({{file_id}} AS INTEGER) AS "_file_id", file_row_number + 1 AS "_line"{{columns}}
FROM read_parquet({{path}}, file_row_number = true) AS r({{places}}, file_row_number)

-- name: named
, {{value}} AS {{name}}

-- name: source-view
CREATE OR REPLACE VIEW raw.{{view}} AS
{{parts}}

-- name: part
SELECT *{{replaced}} FROM raw.{{view}}

-- name: no-part
SELECT CAST(NULL AS INTEGER) AS "_file_id", CAST(NULL AS BIGINT) AS "_line" WHERE false

-- name: replaced
 REPLACE ({{columns}})

-- name: civil-time
timezone({{zone}}, {{column}})

-- name: as-text
CAST({{column}} AS VARCHAR) AS {{column}}

-- name: releases-alone
SELECT f.file_id AS "_file_id", r."_line", r.json
FROM read_parquet({{pattern}}, filename = true) r
JOIN raw.file f ON f.source_id = {{source}} AND f.parquet_path = {{folder}} || parse_filename(r.filename)

-- name: releases-together
-- Of files that were read together, each one's rows; as far as this is where they are used from.
SELECT f.file_id AS "_file_id", r."_line", r.json
FROM read_parquet({{pattern}}, filename = true) r
JOIN raw.file f ON f.source_id = {{source}} AND f.file_hash = r.file_hash
  AND f.parquet_path = {{folder}} || parse_filename(r.filename)
