-- Published tables without the names of records that are shown no more. {{lapsed}} is the table of those records; one without a
-- source is one of every source.

-- name: columns
SELECT column_name AS name FROM (DESCRIBE {{table}})

-- name: naming
-- Which rows name which lapsed records by {{key}}; {{where}} says in which of the rows. {{what}} of them is given.
SELECT DISTINCT {{what}}
FROM {{table}} t
JOIN {{lapsed}} l ON l.entity_id = t.entity_id AND l.record_key = t.{{key}}
LEFT JOIN {{file}} f ON f.file_id = t.file_id
WHERE (l.source_id = f.source_id OR l.source_id IS NULL OR f.source_id IS NULL) AND {{where}}

-- name: naming-any-source
-- The same where the rows do not tell the source of the record they name.
SELECT DISTINCT {{what}}
FROM {{table}} t
JOIN {{lapsed}} l ON l.entity_id = t.entity_id AND l.record_key = t.{{key}}
WHERE {{where}}

-- name: telling
-- The same where a sentence tells the record.
SELECT DISTINCT {{what}}
FROM {{table}} t
JOIN {{lapsed}} l ON l.entity_id = t.entity_id
WHERE regexp_matches(t.{{column}}, {{word}})

-- name: word
-- A record's number as a word of a sentence; the signs around it are kept apart.
'(^|[^0-9A-Za-z])' || regexp_escape({{key}}) || '($|[^0-9A-Za-z])'

-- name: place
t.rowid AS place

-- name: record
l.source_id, l.entity_id, l.record_key

-- name: without
-- The rows themselves are left out.
SELECT t.* FROM {{table}} t LEFT JOIN ({{naming}}) p ON p.place = t.rowid WHERE p.place IS NULL ORDER BY t.rowid

-- name: nameless
-- What a record counted for stays, which record it was does not: the columns {{columns}} are emptied.
SELECT t.* REPLACE ({{columns}})
FROM {{table}} t LEFT JOIN ({{naming}}) p ON p.place = t.rowid ORDER BY t.rowid

-- name: emptied
CASE WHEN p.place IS NULL THEN t.{{column}} END AS {{column}}

-- name: reasons
-- The sentence that says why a body stands where it stands may name its records.
SELECT t.* REPLACE ({{columns}})
FROM {{table}} t
LEFT JOIN (
  SELECT entity_id, list(record_key ORDER BY length(record_key) DESC, record_key) AS keys
  FROM (SELECT DISTINCT entity_id, record_key FROM {{lapsed}}) GROUP BY entity_id
) k ON k.entity_id = t.entity_id
ORDER BY t.rowid

-- name: reason
list_reduce(list_prepend(t.{{column}}, coalesce(k.keys, CAST([] AS VARCHAR[]))), lambda said, key:
  regexp_replace(said, {{word}}, '\1–\2', 'g')) AS {{column}}
