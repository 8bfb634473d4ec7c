-- name: next
SELECT CAST(min(not_before) AS VARCHAR) AS next FROM {{table}} WHERE state = 'queued' AND ($channel IS NULL OR {{channel}} = $channel)

-- name: note-sent
UPDATE {{table}} SET state = 'sent', attempts = attempts + 1, sent_at = CAST($now AS TIMESTAMP), last_error = $remark WHERE message_id = $message_id

-- name: note-failure
UPDATE {{table}} SET state = $state, attempts = attempts + 1,
  not_before = CAST($now AS TIMESTAMP) + to_minutes(CAST($wait AS BIGINT)), last_error = $error
WHERE message_id = $message_id

-- name: set-aside
-- The receiver will not have it, now or later.
UPDATE {{table}} SET state = 'refused', attempts = attempts + 1, last_error = $error WHERE message_id = $message_id

-- name: part
-- Refused together with others: which of them is meant shows when each goes out by itself.
UPDATE {{table}} SET delivery = message_id, attempts = attempts + 1, not_before = CAST($now AS TIMESTAMP), last_error = $error
WHERE message_id = $message_id

-- name: again
UPDATE {{table}} SET state = 'queued', attempts = 0, not_before = CAST($now AS TIMESTAMP)
WHERE state IN ('refused', 'failed')
RETURNING message_id

-- name: hold-back
-- Others wait as long as the one that failed; that they were not tried does not count against them.
UPDATE {{table}} SET not_before = greatest(not_before, CAST($now AS TIMESTAMP) + to_minutes(CAST($wait AS BIGINT))) WHERE message_id = $message_id
