-- name: read-only
SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ

-- name: begin
START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY

-- name: all-rows
SELECT NULL AS `zhengxin mark`, source_row.* FROM (
{{query}}
) AS source_row

-- name: marked-rows
-- Rows without a mark come first, as NULL does here.
SELECT source_row.{{column}} AS `zhengxin mark`, source_row.* FROM (
{{query}}
) AS source_row
ORDER BY source_row.{{column}}

-- name: marked-rows-from
SELECT source_row.{{column}} AS `zhengxin mark`, source_row.* FROM (
{{query}}
) AS source_row
WHERE source_row.{{column}} >= {{from}} OR source_row.{{column}} IS NULL
ORDER BY source_row.{{column}}

-- name: count-from
SELECT count(*) AS row_count FROM (
{{query}}
) AS source_row
WHERE source_row.{{column}} >= {{from}}

-- name: from-timestamp
CAST(? AS DATETIME(6)) - INTERVAL {{overlap}} SECOND

-- name: from-number
CAST(? AS DECIMAL(65, 20)) - {{overlap}}

-- name: from-text
?
