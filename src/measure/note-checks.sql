-- name: forget-results
DELETE FROM checks.result WHERE run_id = $run AND check_id = $check

-- name: note-results
INSERT INTO checks.result BY NAME
SELECT $run AS run_id, $check AS check_id, r.source_id, 'warn' AS severity, false AS passed, r.failing_rows,
  r.observed, r.expected, r.message_zh, r.message_en
FROM (SELECT unnest(from_json($rows, '[{"source_id":"VARCHAR","failing_rows":"BIGINT","observed":"VARCHAR","expected":"VARCHAR","message_zh":"VARCHAR","message_en":"VARCHAR"}]'), recursive := true)) r
