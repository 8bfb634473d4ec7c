-- name: tables-of-runs
-- Tables with rows of runs, but for those that a repair or the ledger of alerts still asks.
SELECT schema_name || '.' || table_name AS name
FROM duckdb_columns()
WHERE database_name = current_database() AND column_name = 'run_id' AND NOT internal
  AND (schema_name || '.' || table_name) NOT IN ('scores.run', 'warn.replay')
  AND (schema_name, table_name) IN (SELECT (schema_name, table_name) FROM duckdb_tables())
ORDER BY name

-- name: forget-rows
DELETE FROM {{table}} WHERE run_id = $run
