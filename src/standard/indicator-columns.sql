-- name: lacking-columns
-- Columns of the known tables that a file may lack: core does not require them, nor has a default for them.
-- Where core is shown from another database, as views, the tables there know what is required.
SELECT k.table_name, k.column_name, any_value(k.data_type) AS data_type
FROM duckdb_columns() k
JOIN duckdb_columns() c ON c.schema_name = 'core' AND c.table_name = k.table_name AND c.column_name = k.column_name
WHERE k.database_name = current_database() AND k.schema_name = 'known'
  AND c.column_name NOT IN ('flags', 'valid_to', 'known_to')
GROUP BY k.table_name, k.column_name, k.column_index
HAVING bool_and(c.is_nullable AND c.column_default IS NULL)
ORDER BY k.table_name, k.column_index

-- name: hide-columns
CREATE OR REPLACE TEMP VIEW {{table}} AS SELECT * EXCLUDE ({{columns}}) FROM known.{{table}}

-- name: show-table
DROP VIEW IF EXISTS temp.{{table}}

-- name: describe
DESCRIBE {{evidence}}
