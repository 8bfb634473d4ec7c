-- name: view
CREATE VIEW {{view}} AS SELECT * FROM read_parquet({{file}})

-- name: view-value
-- Months published before rows of files without a needed column were left out have none.
CREATE VIEW {{view}} AS
SELECT * REPLACE (coalesce(undelivered, 0) AS undelivered)
FROM (
  FROM read_parquet({{file}})
  UNION ALL BY NAME
  SELECT CAST(NULL AS BIGINT) AS undelivered WHERE false
)

-- name: view-cited
-- Months published before origins had a text in each language have one column, source. What is added has no row, only columns.
CREATE VIEW {{view}} AS
SELECT * EXCLUDE (source) REPLACE (coalesce(source_zh, source) AS source_zh, coalesce(source_en, source) AS source_en)
FROM (
  FROM read_parquet({{file}})
  UNION ALL BY NAME
  SELECT CAST(NULL AS VARCHAR) AS source, CAST(NULL AS VARCHAR) AS source_zh, CAST(NULL AS VARCHAR) AS source_en WHERE false
)
