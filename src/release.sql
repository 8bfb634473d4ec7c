-- name: last-look
SELECT CAST(max(known_at) AS VARCHAR) AS last, CAST(max(known_at) + INTERVAL 1 SECOND AS VARCHAR) AS next FROM (
  SELECT attempted_at AS known_at FROM raw.pull_attempt WHERE source_id = $source AND failed_because IS NULL
  UNION ALL
  SELECT known_at FROM raw.file_event WHERE source_id = $source
  UNION ALL
  SELECT known_at FROM raw.release WHERE source_id = $source
)

-- name: held-back
SELECT {{column}} AS mark, count(*) AS rows FROM core.{{kind}}
WHERE source_id = $source AND known_to IS NULL AND starts_with({{column}}, $begins)
GROUP BY mark ORDER BY mark

-- name: note-release
INSERT INTO raw.release VALUES ($source, $column, $mark, CAST($known_at AS TIMESTAMP), $reason)
