-- name: tables-of-runs
-- Tables with rows of runs, but for those that tell which there were, and the ledger of alerts.
SELECT schema_name || '.' || table_name AS name
FROM duckdb_columns()
WHERE database_name = current_database() AND column_name = 'run_id' AND NOT internal
  AND (schema_name || '.' || table_name) NOT IN ('scores.run', 'scores.run_begun', 'warn.replay')
  AND (schema_name, table_name) IN (SELECT (schema_name, table_name) FROM duckdb_tables())
ORDER BY name

-- name: forget-rows
DELETE FROM {{table}} WHERE list_contains(CAST(CAST($runs AS JSON) AS VARCHAR[]), run_id)

-- name: tables-of-computations
-- Tables with what was computed once for all runs that ask the same, and the table that says which runs use it.
SELECT schema_name || '.' || table_name AS name, schema_name || '.run_computation' AS used
FROM duckdb_columns()
WHERE database_name = current_database() AND schema_name IN ('facts', 'warn') AND column_name = 'fingerprint'
  AND table_name <> 'run_computation' AND (schema_name, table_name) IN (SELECT (schema_name, table_name) FROM duckdb_tables())
ORDER BY name

-- name: forget-unused
DELETE FROM {{table}} WHERE fingerprint NOT IN (SELECT fingerprint FROM {{used}})

-- name: parquet-paths
SELECT DISTINCT parquet_path AS path FROM raw.file WHERE parquet_path <> ''
