-- name: make-subjects
CREATE OR REPLACE TEMP TABLE subject (place INTEGER, code VARCHAR, name VARCHAR)

-- name: add-subjects
INSERT INTO subject
SELECT CAST($first + nth - 1 AS INTEGER), nullif(s.code, ''), nullif(s.name, '')
FROM (
  SELECT unnest(rows) AS s, generate_subscripts(rows, 1) AS nth
  FROM (SELECT from_json(CAST($subjects AS JSON), '[{"code":"VARCHAR","name":"VARCHAR"}]') AS rows)
)

-- name: grounds
-- The restrictions of a field, body by body.
SELECT entity_id, rule_id, measure_zh, measure_en, article_zh, article_en, reason_zh, reason_en, CAST(since AS VARCHAR) AS since,
  CAST(until AS VARCHAR) AS until, ends, disputed, record_key, document_no
FROM published.restriction WHERE field = $purpose
ORDER BY entity_id, since, record_key, rule_id

-- name: bodies
SELECT entity_id, name_zh, name_en FROM published.entity

-- name: find
-- Codes and names stand in their normal form. The body of each subject, in their order, or what keeps it from being told.
SELECT coalesce(c.entity_id, n.entity_id) AS entity_id,
  CASE
    WHEN c.several OR (c.entity_id IS NULL AND n.several) THEN 'ambiguous'
    WHEN c.entity_id <> n.entity_id AND NOT n.several THEN 'contradictory'
    WHEN c.entity_id IS NULL AND n.entity_id IS NULL THEN 'unknown'
  END AS problem
FROM subject s
LEFT JOIN answering c ON NOT c.is_name AND c.code = s.code
-- A list with one column may hold names where codes are expected.
LEFT JOIN answering n ON n.is_name AND n.code = coalesce(s.name, s.code)
ORDER BY s.place
