-- name: set-as-of
SET VARIABLE as_of = CAST($as_of AS TIMESTAMP)

-- name: ratings
SELECT entity_id, CAST(year(as_at) AS INTEGER) AS year, arg_max(external_rating, known_from) AS rating
FROM known.debt_position WHERE external_rating IS NOT NULL
GROUP BY entity_id, year(as_at)
