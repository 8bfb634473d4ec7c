-- name: received-due
-- Bytes as fetched cannot be redacted, so they go as soon as the first of their rows must: the Parquet file has the rest.
SELECT r.path
FROM raw.received r
LEFT JOIN raw.file f ON f.source_id = r.source_id AND f.file_hash = r.file_hash
LEFT JOIN raw.redaction x ON x.file_id = f.file_id
WHERE r.source_id = $source
  AND (x.redacted_rows > 0 OR CAST(r.received_at + to_months($months) AS DATE) < CAST($today AS DATE))
ORDER BY r.path

-- name: received-known
SELECT path FROM raw.received WHERE source_id = $source
