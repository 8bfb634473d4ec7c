-- name: descriptions-of-source
SELECT f.file_id, d.description, d.definition
FROM raw.file f
JOIN raw.file_description x ON x.file_id = f.file_id
JOIN raw.description d ON d.description = x.description
WHERE f.source_id = $source AND d.description <> $today
ORDER BY f.file_id

-- name: keep-description
INSERT OR IGNORE INTO raw.description VALUES ($description, $source, $definition)

-- name: note-description
INSERT OR REPLACE INTO raw.file_description
SELECT file_id, $description FROM (SELECT unnest(CAST(CAST($files AS JSON) AS INTEGER[])) AS file_id)

-- name: undescribed
SELECT file_id FROM raw.file
WHERE source_id = $source AND conformed AND definition_hash = $definition_hash
  AND file_id NOT IN (SELECT file_id FROM raw.file_description)
ORDER BY file_id

-- name: keys-of-files
SELECT k.file_id, k.path
FROM raw.file_key k JOIN raw.file f ON f.file_id = k.file_id
WHERE f.source_id = $source
ORDER BY k.file_id, k.position
