-- name: tables
SELECT schema_name AS "schema", table_name AS "table"
FROM duckdb_tables()
WHERE database_name = 'held' AND schema_name <> 'main'
ORDER BY schema_name, table_name

-- name: show
-- Instead of a table of one's own, which is empty.
DROP TABLE IF EXISTS {{table}};
CREATE VIEW {{table}} AS SELECT * FROM held.{{table}};

-- name: copy
INSERT INTO {{table}} BY NAME SELECT * FROM held.{{table}}
