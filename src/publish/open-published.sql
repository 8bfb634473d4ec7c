-- name: columns
-- The columns of each table of a published month. The root of a Parquet file's schema has no type.
SELECT parse_filename(file_name, true) AS name, list(name) FILTER (type IS NOT NULL) AS columns
FROM parquet_schema({{files}}) GROUP BY ALL

-- name: columns-of-database
SELECT table_name AS name, list(column_name ORDER BY column_index) AS columns
FROM duckdb_columns() JOIN duckdb_tables() USING (database_name, schema_name, table_name)
WHERE database_name = $database GROUP BY ALL ORDER BY ALL

-- name: view
CREATE VIEW {{view}} AS FROM {{table}}

-- name: view-empty
CREATE VIEW {{view}} AS FROM {{empty}}

-- name: view-brought-up
CREATE VIEW {{view}} AS FROM {{table}} UNION ALL BY NAME FROM {{empty}}

-- name: view-value
-- Months published before rows of files without a needed column were left out have none.
CREATE VIEW {{view}} AS
SELECT * REPLACE (coalesce(undelivered, 0) AS undelivered)
FROM (FROM {{table}} UNION ALL BY NAME FROM {{empty}})

-- name: view-cited
-- Months published before origins had a text in each language have one column, source.
CREATE VIEW {{view}} AS
SELECT * EXCLUDE (source) REPLACE (coalesce(source_zh, source) AS source_zh, coalesce(source_en, source) AS source_en)
FROM (FROM {{table}} UNION ALL BY NAME FROM {{empty}})
