-- name: begin
BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY

-- name: all-rows
SELECT CAST(row_to_json(source_row) AS text) AS json, NULL AS mark FROM (
{{query}}
) AS source_row

-- name: marked-rows
SELECT CAST(row_to_json(source_row) AS text) AS json, CAST(source_row.{{column}} AS text) AS mark FROM (
{{query}}
) AS source_row
ORDER BY source_row.{{column}} NULLS FIRST

-- name: marked-rows-from
SELECT CAST(row_to_json(source_row) AS text) AS json, CAST(source_row.{{column}} AS text) AS mark FROM (
{{query}}
) AS source_row
WHERE source_row.{{column}} >= {{from}} OR source_row.{{column}} IS NULL
ORDER BY source_row.{{column}} NULLS FIRST

-- name: count-from
SELECT CAST(count(*) AS text) AS rows FROM (
{{query}}
) AS source_row
WHERE source_row.{{column}} >= {{from}}

-- name: from-timestamp
CAST($1 AS timestamptz) - make_interval(secs => {{overlap}})

-- name: from-number
CAST($1 AS numeric) - {{overlap}}

-- name: from-text
CAST($1 AS text)
