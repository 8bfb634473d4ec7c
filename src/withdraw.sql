-- name: files
-- Files of a source with what was last seen of them and who last withdrew them.
SELECT f.file_id, f.file_name, f.file_hash,
  coalesce((SELECT arg_max(e.event, e.event_id) FROM raw.file_event e
    WHERE e.file_id = f.file_id AND e.event IN ('gone', 'replaced', 'back')) IN ('gone', 'replaced'), false) AS gone,
  coalesce((SELECT arg_max(e.event, e.event_id) FROM raw.file_event e
    WHERE e.file_id = f.file_id AND e.event IN ('withdrawn', 'restored')) = 'withdrawn', false) AS withdrawn
FROM raw.file f
WHERE f.source_id = $source
ORDER BY f.file_name, f.file_hash

-- name: last-look
SELECT CAST(max(known_at) AS VARCHAR) AS last FROM (
  SELECT attempted_at AS known_at FROM raw.pull_attempt WHERE source_id = $source AND failed_because IS NULL
  UNION ALL
  SELECT known_at FROM raw.file_event WHERE source_id = $source
)

-- name: note-event
INSERT INTO raw.file_event (event_id, source_id, file_id, event, known_at, reason)
SELECT coalesce(max(event_id), 0) + 1, $source, $file_id, $event, CAST($known_at AS TIMESTAMP), $reason FROM raw.file_event
