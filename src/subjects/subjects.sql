-- name: make-subjects
CREATE OR REPLACE TEMP TABLE subject (place INTEGER, code VARCHAR, name VARCHAR)

-- name: add-subjects
INSERT INTO subject
SELECT CAST($first + nth - 1 AS INTEGER), nullif(trim(s.code), ''), nullif(trim(s.name), '')
FROM (
  SELECT unnest(rows) AS s, generate_subscripts(rows, 1) AS nth
  FROM (SELECT from_json(CAST($subjects AS JSON), '[{"code":"VARCHAR","name":"VARCHAR"}]') AS rows)
)

-- name: make-answers
-- Every code and name a body answers to: those in force at the period's end first, of bodies that are on file now.
CREATE OR REPLACE TEMP TABLE answering AS
WITH known AS (
  SELECT upper(code) AS code, scheme = 'name' AS is_name, entity_id, valid_from, valid_to FROM published.body_code
  UNION ALL
  SELECT upper(entity_id), false, entity_id, valid_from, valid_to FROM published.entity
  UNION ALL
  SELECT upper(uscc), false, entity_id, valid_from, valid_to FROM published.entity WHERE uscc IS NOT NULL
  UNION ALL
  SELECT upper(n), true, entity_id, valid_from, valid_to
  FROM (SELECT entity_id, valid_from, valid_to, unnest([name_zh, name_en]) AS n FROM published.entity)
), placed AS (
  SELECT k.code, k.is_name, k.entity_id,
    rank() OVER (
      PARTITION BY k.code, k.is_name
      ORDER BY k.valid_from <= p.ends_on AND (k.valid_to IS NULL OR k.valid_to > p.ends_on) DESC
    ) AS place
  FROM known k JOIN published.entity e ON e.entity_id = k.entity_id
  CROSS JOIN (SELECT ends_on FROM published.period ORDER BY place DESC LIMIT 1) p
)
SELECT code, is_name, min(entity_id) AS entity_id, count(DISTINCT entity_id) > 1 AS several
FROM placed WHERE place = 1 GROUP BY code, is_name

-- name: grounds
-- The restrictions of a field, body by body.
SELECT entity_id, rule_id, measure_zh, measure_en, article_zh, article_en, reason_zh, reason_en, CAST(since AS VARCHAR) AS since,
  CAST(until AS VARCHAR) AS until, ends, disputed, record_key, document_no
FROM published.restriction WHERE field = $purpose
ORDER BY entity_id, since, record_key, rule_id

-- name: bodies
SELECT entity_id, name_zh, name_en FROM published.entity

-- name: find
-- The body of each subject, in their order, or what keeps it from being told.
SELECT coalesce(c.entity_id, n.entity_id) AS entity_id,
  CASE
    WHEN c.several OR (c.entity_id IS NULL AND n.several) THEN 'ambiguous'
    WHEN c.entity_id <> n.entity_id AND NOT n.several THEN 'contradictory'
    WHEN c.entity_id IS NULL AND n.entity_id IS NULL THEN 'unknown'
  END AS problem
FROM subject s
LEFT JOIN answering c ON NOT c.is_name AND c.code = upper(s.code)
-- A list with one column may hold names where codes are expected.
LEFT JOIN answering n ON n.is_name AND n.code = upper(coalesce(s.name, s.code))
ORDER BY s.place
