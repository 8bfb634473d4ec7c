-- name: has-codes
SELECT 1 AS has FROM duckdb_views() WHERE schema_name = 'published' AND view_name = 'body_code'

-- name: make-answering
-- Every code and name a body answers to, in the normal form: those in force at the period's end first, of bodies that are
-- on file now; a division's code of another length only where none is written so.
CREATE OR REPLACE TEMP TABLE answering AS
WITH known AS (
  {{codes}}
  SELECT entity_id AS code, 'local' AS scheme, entity_id, valid_from, valid_to FROM published.entity
  UNION ALL
  SELECT uscc, 'uscc', entity_id, valid_from, valid_to FROM published.entity WHERE uscc IS NOT NULL
  UNION ALL
  SELECT n, 'name', entity_id, valid_from, valid_to
  FROM (SELECT entity_id, valid_from, valid_to, unnest([name_zh, name_en]) AS n FROM published.entity)
), written AS (
  SELECT * REPLACE ({{normal}} AS code) FROM known WHERE code IS NOT NULL
), spelt AS (
  SELECT *, false AS is_other FROM written
  UNION ALL
  SELECT * REPLACE (unnest({{others}}) AS code), true FROM written WHERE scheme IN ('gb2260', 'local')
), placed AS (
  SELECT k.code, k.scheme = 'name' AS is_name, k.entity_id,
    rank() OVER (
      PARTITION BY k.code, k.scheme = 'name'
      ORDER BY k.is_other, k.valid_from <= p.ends_on AND (k.valid_to IS NULL OR k.valid_to > p.ends_on) DESC
    ) AS place
  FROM spelt k JOIN published.entity e ON e.entity_id = k.entity_id
  CROSS JOIN (SELECT ends_on FROM published.period ORDER BY place DESC LIMIT 1) p
)
SELECT code, is_name, min(entity_id) AS entity_id, list(DISTINCT entity_id ORDER BY entity_id) AS entities,
  count(DISTINCT entity_id) > 1 AS several
FROM placed WHERE place = 1 GROUP BY code, is_name

-- name: published-codes
SELECT code, scheme, entity_id, valid_from, valid_to FROM published.body_code
UNION ALL

-- name: bodies-of
-- By code, or when it is none, by name.
SELECT unnest(entities) AS entity_id FROM (
  SELECT entities FROM answering WHERE code = $asked ORDER BY is_name LIMIT 1)
ORDER BY entity_id
