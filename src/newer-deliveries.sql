-- name: files
SELECT source_id AS source, file_name AS name, file_hash AS hash, bytes FROM held.raw.file
