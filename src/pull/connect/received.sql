-- name: marks
SELECT address, mark FROM raw.fetch_mark WHERE source_id = $source_id

-- name: received-from
-- Of a file whose address is forgotten nobody can say where it came from.
SELECT 1 AS received FROM raw.received
WHERE source_id = $source_id AND (starts_with(address, $begin) OR starts_with(address, $forgotten)) LIMIT 1

-- name: last-received
SELECT coalesce(max(received_id), 0) AS received_id FROM raw.received

-- name: note-version
-- The same content from the same place once more: only its version is newer.
UPDATE raw.received SET version = $version
WHERE source_id = $source_id AND address = $address AND file_hash = $file_hash

-- name: note-received
INSERT INTO raw.received (received_id, source_id, file_name, file_hash, bytes, path, address, version, received_at)
SELECT $received_id, $source_id, $file_name, $file_hash, $bytes, $path, $address, $version, CAST($received_at AS TIMESTAMP)
WHERE NOT EXISTS (
  FROM raw.received WHERE source_id = $source_id AND address = $address AND file_hash = $file_hash)

-- name: forget-marks
DELETE FROM raw.fetch_mark
WHERE source_id = $source_id AND NOT list_contains(CAST(CAST($addresses AS JSON) AS VARCHAR[]), address)

-- name: move-mark
INSERT INTO raw.fetch_mark (source_id, address, mark) VALUES ($source_id, $address, $mark)
ON CONFLICT (source_id, address) DO UPDATE SET mark = excluded.mark

-- name: received
-- Each content once, under the name it first came with.
SELECT file_name, file_hash, path, CAST(received_at AS VARCHAR) AS received_at
FROM (
  SELECT *, row_number() OVER (PARTITION BY file_hash ORDER BY received_id) AS place
  FROM raw.received WHERE source_id = $source_id
)
WHERE place = 1
ORDER BY received_id
