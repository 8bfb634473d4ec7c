-- name: files
-- Every file received of a source, with its name.
SELECT f.file_id, left(f.file_hash, 12) AS label, f.file_name, CAST(f.received_at AS VARCHAR) AS received_at, f.row_count,
  count(DISTINCT q.line) AS lines, split_part(f.refused_because, chr(10), 1) AS refused_zh,
  split_part(f.refused_because, chr(10), 2) AS refused_en
FROM raw.file f LEFT JOIN quarantine.row q ON q.file_id = f.file_id
WHERE f.source_id = $source
GROUP BY f.file_id, f.file_hash, f.file_name, f.received_at, f.row_count, f.refused_because
ORDER BY f.file_name, f.file_hash

-- name: rows
SELECT left(f.file_hash, 12) AS label, q.line, q.column_name, q.value, q.reason, q.message_zh, q.message_en,
  count(*) OVER () AS total
FROM quarantine.row q JOIN raw.file f ON f.file_id = q.file_id
WHERE q.source_id = $source
ORDER BY f.file_name, f.file_hash, q.line, q.column_name, q.reason
LIMIT CAST($rows AS BIGINT)
