-- name: files-held
SELECT source_id, file_hash
FROM known.received_file
WHERE list_contains(CAST(CAST($sources AS JSON) AS VARCHAR[]), source_id)
ORDER BY source_id, file_hash

-- name: files-at-fault
-- The same files with one of them left out are another state of the inputs.
SELECT source_id, file_hash
FROM known.received_file
WHERE list_contains(CAST(CAST($sources AS JSON) AS VARCHAR[]), source_id) AND starts_with(refused_by, {{mark}})
ORDER BY source_id, file_hash

-- name: file-events
SELECT f.source_id, f.file_hash, e.event, CAST(e.known_at AS VARCHAR) AS at
FROM known.file_event e JOIN known.held_file f ON f.file_id = e.file_id
WHERE list_contains(CAST(CAST($sources AS JSON) AS VARCHAR[]), f.source_id)
ORDER BY e.event_id

-- name: failed-pulls
SELECT source_id, CAST(attempted_at AS VARCHAR) AS attempted_at
FROM known.failed_pull
WHERE list_contains(CAST(CAST($sources AS JSON) AS VARCHAR[]), source_id)
ORDER BY source_id

-- name: note-run
-- One statement, never a row deleted and another inserted under its key: see docs/decisions.md.
INSERT OR REPLACE INTO scores.run
VALUES ($run_id, $pipeline, $jurisdiction, $period, CAST($as_of AS TIMESTAMP), $standard_id, $standard_hash, $input_hash, $code_version, 'started')

-- name: note-begun
INSERT OR REPLACE INTO scores.run_begun VALUES ($run_id, CAST($begun_at AS TIMESTAMP))

-- name: note-state
UPDATE scores.run SET state = $state WHERE run_id = $run_id

-- name: count-ranked
SELECT count(*) AS ranked FROM scores.rank WHERE run_id = $run_id AND period = $period AND state = 'ranked'
