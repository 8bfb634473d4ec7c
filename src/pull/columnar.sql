-- name: describe
SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet({{path}}))

-- name: count-rows
SELECT CAST(coalesce(sum(num_rows), 0) AS BIGINT) AS rows FROM parquet_file_metadata($path)

-- name: look-at-all
-- Every value is decoded; a plain count would take the file's word for it. A text that many rows share stands in the file once, and is as
-- long in each of them for all that comes after.
SELECT count(*) AS rows, CAST(bit_xor(hash({{columns}})) AS VARCHAR) AS digest, CAST(coalesce({{text}}, 0) AS DOUBLE) AS bytes FROM read_parquet({{path}}) AS r({{columns}})

-- name: length-of-text
coalesce(sum(strlen({{column}})), 0)

-- name: length-of-bytes
coalesce(sum(octet_length({{column}})), 0)

-- name: stage-arrow
CREATE OR REPLACE TEMP TABLE pull_stage ({{columns}})

-- name: copy-stage
COPY (SELECT rowid + 1 AS "_line", {{columns}} FROM pull_stage ORDER BY rowid) TO {{output}} (FORMAT parquet, COMPRESSION zstd)

-- name: drop-stage
DROP TABLE IF EXISTS pull_stage

-- name: restore
CAST({{column}} AS {{type}})

-- name: restore-day
DATE '1970-01-01' + CAST({{column}} AS INTEGER)

-- name: restore-time
TIME '00:00:00' + to_microseconds(CAST({{column}} AS BIGINT))

-- name: restore-civil
make_timestamp(CAST({{column}} AS BIGINT))

-- name: restore-instant
timezone({{zone}}, timezone('UTC', make_timestamp(CAST({{column}} AS BIGINT))))
