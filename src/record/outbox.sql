-- name: results-to-queue
-- Decisions made here that hold and are in the outbox not yet. What the platform itself told needs no telling.
SELECT e.source_id AS event_source, e.record_key AS event_key, e.of_record, e.of_source, e.entity_id, e.event, e.state_after,
  CAST(e.occurred_at AS VARCHAR) AS occurred_at, e.document_no, e.actor_body, e.severity, CAST(e.act_ended_on AS VARCHAR) AS act_ended_on,
  CAST(e.obligation_amount AS VARCHAR) AS obligation_amount, CAST(e.known_from AS VARCHAR) AS known_at
FROM known.record_event e
WHERE list_contains(CAST(CAST($sources AS JSON) AS VARCHAR[]), e.source_id)
  AND e.event IN ('uphold', 'correct', 'revoke', 'withdraw', 'repair')
  AND NOT EXISTS (SELECT 1 FROM record.outbox o WHERE o.event_source = e.source_id AND o.event_key = e.record_key)
ORDER BY e.occurred_at, e.record_key

-- name: queue
INSERT OR IGNORE INTO record.outbox
VALUES ($message_id, $event_source, $event_key, $of_record, $entity_id, $payload, CAST($now AS TIMESTAMP), CAST($now AS TIMESTAMP), 'queued', 0, NULL, NULL)

-- name: due
-- In the order in which it happened: a platform is not told of a withdrawal before the revocation it follows.
SELECT message_id, payload, attempts FROM record.outbox
WHERE state = 'queued' AND not_before <= CAST($now AS TIMESTAMP)
ORDER BY queued_at, payload->>'$.occurred_at', event_key
