-- name: create-entity
-- Bodies in force at the period's end, with a number each.
CREATE OR REPLACE TEMP TABLE warn_entity AS
SELECT CAST(row_number() OVER (ORDER BY entity_id) - 1 AS INTEGER) AS place, entity_id, level
FROM (
  SELECT entity_id, level, row_number() OVER (PARTITION BY entity_id ORDER BY valid_from DESC, known_from DESC, source_id, line, file_id) AS version
  FROM known.entity
  WHERE scored AND list_contains(CAST(CAST($levels AS JSON) AS VARCHAR[]), level)
    AND valid_from <= CAST($end AS DATE) AND (valid_to IS NULL OR valid_to > CAST($end AS DATE))
)
WHERE version = 1

-- name: read-entity
SELECT place, entity_id, level FROM warn_entity ORDER BY place

-- name: read-content
-- What is known of each body's positions, in one number: the same rows give the same. MD5, because DuckDB's own hash
-- takes some texts that differ little for each other.
SELECT e.entity_id,
  CAST(sum(CAST(md5_number_lower(concat_ws(' ', d.file_id, d.line, f.definition_hash, d.as_at, d.known_from)) AS HUGEINT)) AS VARCHAR) || ' ' || count(*) AS content
FROM known.debt_position d JOIN warn_entity e ON e.entity_id = d.entity_id
LEFT JOIN raw.file f ON f.file_id = d.file_id
WHERE d.as_at <= CAST($end AS DATE)
GROUP BY e.entity_id

-- name: create-wanted
CREATE OR REPLACE TEMP TABLE warn_wanted AS
SELECT CAST(place AS INTEGER) AS place, entity_id FROM (
  SELECT unnest(from_json(CAST($rows AS JSON), '[{"place":"INTEGER","entity_id":"VARCHAR"}]'), recursive := true)
)

-- name: read-position
-- In the order in which one row overwrites another: what was known later, and the finer span, counts.
SELECT w.place, CAST(year(as_at) * 12 + month(as_at) - 1 AS INTEGER) AS month,
  CASE frequency WHEN 'month' THEN 0 WHEN 'quarter' THEN 1 ELSE 2 END AS span,
  CASE scope WHEN 'with_hidden' THEN 1 ELSE 0 END AS scope,
  {{columns}}
FROM known.debt_position d JOIN warn_wanted w ON w.entity_id = d.entity_id
WHERE as_at <= CAST($end AS DATE)
ORDER BY w.place, as_at, span DESC, known_from, d.source_id, record_key
