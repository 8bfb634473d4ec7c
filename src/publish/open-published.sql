-- name: view
CREATE VIEW {{view}} AS SELECT * FROM read_parquet({{file}})

-- name: view-cited
-- Months published before origins had a text in each language have one column, source. What is added has no row, only columns.
CREATE VIEW {{view}} AS
SELECT * EXCLUDE (source) REPLACE (coalesce(source_zh, source) AS source_zh, coalesce(source_en, source) AS source_en)
FROM (
  FROM read_parquet({{file}})
  UNION ALL BY NAME
  SELECT CAST(NULL AS VARCHAR) AS source, CAST(NULL AS VARCHAR) AS source_zh, CAST(NULL AS VARCHAR) AS source_en WHERE false
)
