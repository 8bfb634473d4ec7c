-- name: undelivered-of-run
SELECT u.source_id, u.column_name, u.reason, max(u.files) AS files, max(u.row_count) AS row_count,
  string_agg(DISTINCT r.indicator_id, ', ' ORDER BY r.indicator_id) AS indicators
FROM facts.run_computation r
JOIN facts.undelivered u ON u.fingerprint = r.fingerprint
WHERE r.run_id = $run AND r.period = $period
GROUP BY u.source_id, u.column_name, u.reason
ORDER BY u.source_id, u.column_name, u.reason

-- name: forget-run
DELETE FROM facts.run_undelivered WHERE run_id = $run

-- name: note-run
INSERT INTO facts.run_undelivered
SELECT $run, u.source_id, u.column_name, u.reason, u.files, u.row_count, u.indicators, u.message_zh, u.message_en
FROM (SELECT unnest(from_json($rows, '[{"source_id":"VARCHAR","column_name":"VARCHAR","reason":"VARCHAR","files":"INTEGER","row_count":"BIGINT","indicators":"VARCHAR","message_zh":"VARCHAR","message_en":"VARCHAR"}]'), recursive := true)) u
ORDER BY u.source_id, u.column_name, u.reason
