-- What is left of a published table for eyes that some outputs are not meant for. {{table}} is the whole table; {{indicators}},
-- {{rules}}, {{warnings}} and {{lists}} are lists of the outputs withheld, and {{body}} is the body of which they are told all
-- the same, or NULL.

-- name: value
SELECT * FROM {{table}} WHERE NOT list_contains({{indicators}}, indicator_id) OR entity_id IS NOT DISTINCT FROM {{body}}

-- name: node
SELECT * FROM {{table}} WHERE NOT list_contains({{indicators}}, node_id) OR entity_id IS NOT DISTINCT FROM {{body}}

-- name: contribution
-- Contributions sum to the score, so what withheld ones came to is told as one sum.
SELECT * FROM (
  SELECT * FROM {{table}} WHERE {{shown}}
  UNION ALL
  SELECT first(run_id), period, entity_id, 'undisclosed', 'undisclosed', sum(points)
  FROM {{table}} WHERE NOT {{shown}} GROUP BY period, entity_id
)
ORDER BY period, entity_id, kind, node_id

-- name: contribution-shown
(NOT list_contains({{indicators}} || {{rules}}, node_id) OR entity_id IS NOT DISTINCT FROM {{body}})

-- name: contribution_detail
SELECT * FROM {{table}} WHERE NOT list_contains({{indicators}} || {{rules}}, node_id) OR entity_id IS NOT DISTINCT FROM {{body}}

-- name: rank
-- The veto is told, not which one.
SELECT * REPLACE (
  CASE WHEN {{hides}} THEN 'undisclosed' ELSE vetoed_by END AS vetoed_by,
  CASE WHEN {{hides}} THEN NULL ELSE grade_before_veto END AS grade_before_veto)
FROM {{table}}

-- name: reasons
-- Of a month that has no public sentences: one that names an indicator withheld is not told.
SELECT * REPLACE (
  CASE WHEN entity_id IS NOT DISTINCT FROM {{body}} OR NOT list_bool_or([contains(reason_zh, t) FOR t IN {{titles}}]) THEN reason_zh END AS reason_zh,
  CASE WHEN entity_id IS NOT DISTINCT FROM {{body}} OR NOT list_bool_or([contains(reason_zh, t) FOR t IN {{titles}}]) THEN reason_en END AS reason_en)
FROM {{table}}

-- name: rank-hides
(coalesce(list_contains({{rules}}, vetoed_by), false) AND entity_id IS DISTINCT FROM {{body}})

-- name: warning
SELECT * FROM {{table}} WHERE NOT list_contains({{warnings}}, warnings_id) OR entity_id IS NOT DISTINCT FROM {{body}}

-- name: warning_rule
SELECT * FROM {{table}} WHERE NOT list_contains({{warnings}}, warnings_id) OR {{body}} IS NOT NULL

-- name: list
SELECT * FROM {{table}} WHERE NOT list_contains({{lists}}, list_id) OR {{body}} IS NOT NULL

-- name: list_entry
SELECT * FROM {{table}} WHERE NOT list_contains({{lists}}, list_id) OR entity_id IS NOT DISTINCT FROM {{body}}

-- name: restriction
SELECT * FROM {{table}}
WHERE NOT list_contains({{lists}}, 'restriction-' || replace(field, '_', '-')) OR entity_id IS NOT DISTINCT FROM {{body}}
