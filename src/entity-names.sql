-- name: names
-- Of several versions of a body, the last.
SELECT entity_id AS id, max_by(name_zh, valid_from) AS zh, max_by(name_en, valid_from) AS en
FROM known.entity GROUP BY entity_id ORDER BY entity_id
