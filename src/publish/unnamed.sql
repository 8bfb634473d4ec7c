-- Published tables without the names of records that are shown no more. {{schema}} says where the tables are, {{lapsed}} is the
-- table of those records; one without a source is one of every source.

-- name: columns
SELECT column_name AS name FROM (DESCRIBE {{schema}}{{table}})

-- name: place
-- Rows of a table that name a lapsed record by {{key}}; {{where}} says in which of its rows.
SELECT DISTINCT t.rowid AS place
FROM {{schema}}{{table}} t
JOIN {{lapsed}} l ON l.entity_id = t.entity_id AND l.record_key = t.{{key}}
LEFT JOIN {{schema}}file f ON f.file_id = t.file_id
WHERE (l.source_id = f.source_id OR l.source_id IS NULL OR f.source_id IS NULL) AND {{where}}

-- name: without
-- The rows themselves are left out.
SELECT t.* FROM {{schema}}{{table}} t LEFT JOIN ({{place}}) p ON p.place = t.rowid WHERE p.place IS NULL ORDER BY t.rowid

-- name: without-events
-- Events tell the file they came with, not their record's.
SELECT t.* FROM {{schema}}{{table}} t
WHERE NOT EXISTS (SELECT 1 FROM {{lapsed}} l WHERE l.entity_id = t.entity_id AND l.record_key = t.record_key)
ORDER BY t.rowid

-- name: nameless
-- What a record counted for stays, which record it was does not: the columns {{columns}} are emptied.
SELECT t.* REPLACE ({{columns}})
FROM {{schema}}{{table}} t LEFT JOIN ({{place}}) p ON p.place = t.rowid ORDER BY t.rowid

-- name: emptied
CASE WHEN p.place IS NULL THEN t.{{column}} END AS {{column}}

-- name: reasons
-- The sentence that says why a body stands where it stands may name its records.
SELECT t.* REPLACE ({{columns}})
FROM {{schema}}{{table}} t
LEFT JOIN (
  SELECT entity_id, list(record_key ORDER BY length(record_key) DESC, record_key) AS keys
  FROM (SELECT DISTINCT entity_id, record_key FROM {{lapsed}}) GROUP BY entity_id
) k ON k.entity_id = t.entity_id
ORDER BY t.rowid

-- name: reason
list_reduce(list_prepend(t.{{column}}, coalesce(k.keys, CAST([] AS VARCHAR[]))), lambda said, key:
  regexp_replace(said, '(^|[^0-9A-Za-z])' || regexp_escape(key) || '($|[^0-9A-Za-z])', '\1–\2', 'g')) AS {{column}}
