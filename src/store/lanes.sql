-- name: largest-table
-- Rows of the largest table of the database itself, as DuckDB holds the number ready.
SELECT coalesce(max(estimated_size), 0) AS rows FROM duckdb_tables() WHERE database_name = current_database()

-- name: set-threads
SET threads = {{threads}}
