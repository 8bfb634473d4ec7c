-- name: list
SELECT a.alert_id, a.warnings_id, a.entity_id, e.name_zh, e.name_en, a.rule_id, a.part, a.began, CAST(a.raised_at AS VARCHAR) AS raised_at,
  a.level, a.state, a.recovered, a.routed_to, CAST(a.acknowledge_by AS VARCHAR) AS acknowledge_by,
  CAST(a.handle_by AS VARCHAR) AS handle_by, CAST(a.due_on AS VARCHAR) AS due_on, CAST(a.snoozed_until AS VARCHAR) AS snoozed_until,
  a.plan, a.responsible, a.escalations, a.value, a.message_zh, a.message_en,
  (SELECT max(sequence) FROM warn.alert_event v WHERE v.alert_id = a.alert_id) AS sequence
FROM warn.alert a
LEFT JOIN (
  SELECT entity_id, name_zh, name_en, row_number() OVER (PARTITION BY entity_id ORDER BY valid_from DESC, known_from DESC, source_id, line, file_id) AS version
  FROM core.entity WHERE known_to IS NULL
) e ON e.entity_id = a.entity_id AND e.version = 1
LEFT JOIN warn.alert_pipeline p ON p.alert_id = a.alert_id
WHERE ($pipeline IS NULL OR p.pipeline IS NULL OR p.pipeline = $pipeline)
  AND ($state IS NULL OR a.state = $state) AND ($entity IS NULL OR a.entity_id = $entity)
  AND ($alert IS NULL OR a.alert_id LIKE $alert || '%')
ORDER BY CASE a.level WHEN 'red' THEN 0 WHEN 'orange' THEN 1 ELSE 2 END, a.raised_at, a.entity_id, a.rule_id, a.part, a.alert_id

-- name: events
SELECT sequence, CAST(occurred_at AS VARCHAR) AS occurred_at, actor, kind, level, note, plan, responsible,
  CAST(due_on AS VARCHAR) AS due_on, CAST(snoozed_until AS VARCHAR) AS snoozed_until, owner, message_zh, message_en
FROM warn.alert_event WHERE alert_id = $alert ORDER BY sequence

-- name: insert-event
INSERT OR IGNORE INTO warn.alert_event BY NAME
SELECT $event_id AS event_id, $alert_id AS alert_id, CAST($sequence AS INTEGER) AS sequence, CAST($occurred_at AS TIMESTAMP) AS occurred_at,
  $actor AS actor, $kind AS kind, $note AS note, $plan AS plan, $responsible AS responsible, CAST($due_on AS DATE) AS due_on,
  CAST($snoozed_until AS TIMESTAMP) AS snoozed_until, $owner AS owner, $message_zh AS message_zh, $message_en AS message_en

-- name: insert-test-alert
INSERT OR IGNORE INTO warn.alert_raised VALUES ($alert_id, 'test', $entity, 'test', '', '', CAST($now AS TIMESTAMP), $owner, CAST($now AS TIMESTAMP) + INTERVAL '1' DAY, CAST($now AS TIMESTAMP) + INTERVAL '1' DAY)

-- name: insert-test-event
INSERT OR IGNORE INTO warn.alert_event BY NAME
SELECT $event_id AS event_id, $alert_id AS alert_id, 1 AS sequence, CAST($now AS TIMESTAMP) AS occurred_at, $actor AS actor, 'raised' AS kind,
  'yellow' AS level, $message_zh AS message_zh, $message_en AS message_en

-- name: overdue
-- Alerts whose time for the next step is over and that were not escalated for it yet.
SELECT a.alert_id, a.warnings_id, a.state,
  (SELECT max(sequence) FROM warn.alert_event v WHERE v.alert_id = a.alert_id) AS sequence,
  CASE a.state WHEN 'raised' THEN CAST(a.acknowledge_by AS VARCHAR)
    WHEN 'handling' THEN CAST(coalesce(CAST(a.due_on AS TIMESTAMP) + INTERVAL '1' DAY, a.handle_by) AS VARCHAR)
    ELSE CAST(a.handle_by AS VARCHAR) END AS deadline
FROM warn.alert a LEFT JOIN warn.alert_pipeline p ON p.alert_id = a.alert_id
WHERE ($pipeline IS NULL OR p.pipeline IS NULL OR p.pipeline = $pipeline) AND a.state <> 'closed' AND NOT a.recovered AND a.rule_id <> 'test'
  AND (a.snoozed_until IS NULL OR a.snoozed_until <= CAST($now AS TIMESTAMP))
  AND CAST(deadline AS TIMESTAMP) < CAST($now AS TIMESTAMP)
  AND NOT EXISTS (SELECT 1 FROM warn.alert_event v WHERE v.alert_id = a.alert_id AND v.kind = 'escalated' AND v.note = deadline)
ORDER BY a.alert_id

-- name: events-to-queue
-- What somebody should be told and is in no channel's outbox yet. A snoozed alert is silent, but for what makes it worse.
SELECT e.event_id, e.alert_id, a.warnings_id, a.entity_id, e.kind, coalesce(e.level, a.level) AS level, coalesce(e.owner, a.routed_to) AS owner
FROM warn.alert_event e JOIN warn.alert a ON a.alert_id = e.alert_id
WHERE e.kind IN ('raised', 'worsened', 'reopened', 'eased', 'recovered', 'escalated', 'routed')
  AND NOT (e.kind IN ('eased', 'recovered', 'escalated') AND a.snoozed_until > CAST($now AS TIMESTAMP))
  AND NOT EXISTS (SELECT 1 FROM warn.outbox o WHERE o.event_id = e.event_id AND o.channel = $channel)
ORDER BY e.occurred_at, e.alert_id, e.sequence

-- name: queue-message
INSERT OR IGNORE INTO warn.outbox
VALUES ($message_id, $channel, $event_id, $alert_id, CAST($now AS TIMESTAMP), CAST($not_before AS TIMESTAMP), $digest, $state, 0, NULL, NULL, NULL, NULL)

-- name: is-served
SELECT 1 AS served FROM warn.channel WHERE channel = $channel

-- name: any-served
SELECT 1 AS served FROM warn.channel LIMIT 1

-- name: serve
INSERT INTO warn.channel VALUES ($channel, CAST($begins AS TIMESTAMP), false)

-- name: begins
SELECT CAST(begins AS VARCHAR) AS begins, begun FROM warn.channel WHERE channel = $channel

-- name: begun
UPDATE warn.channel SET begun = true WHERE channel = $channel

-- name: event-times
SELECT event_id, CAST(occurred_at AS VARCHAR) AS occurred_at FROM warn.alert_event

-- name: settle-delivery
UPDATE warn.outbox SET delivery = $delivery, content = $content WHERE message_id = $message_id

-- name: due-deliveries
-- Whatever goes out together was settled before, in the order in which it was then.
SELECT delivery, message_id, attempts, content FROM warn.outbox
WHERE channel = $channel AND state = 'queued' AND delivery IS NOT NULL AND not_before <= CAST($now AS TIMESTAMP)
ORDER BY content->>'$.occurred_at', alert_id, CAST(content->>'$.sequence' AS INTEGER), message_id

-- name: unsettled-messages
SELECT o.message_id, e.sequence, e.kind, coalesce(e.level, a.level) AS level, CAST(e.occurred_at AS VARCHAR) AS occurred_at,
  a.alert_id, a.entity_id, coalesce(n.name_zh, a.entity_id) AS name_zh, coalesce(n.name_en, a.entity_id) AS name_en, a.rule_id, a.part,
  coalesce(e.owner, a.routed_to) AS owner, e.actor,
  CASE WHEN e.message_zh = '' THEN a.message_zh ELSE e.message_zh END AS message_zh,
  CASE WHEN e.message_en = '' THEN a.message_en ELSE e.message_en END AS message_en
FROM warn.outbox o
JOIN warn.alert_event e ON e.event_id = o.event_id
JOIN warn.alert a ON a.alert_id = o.alert_id
LEFT JOIN (
  SELECT entity_id, name_zh, name_en, row_number() OVER (PARTITION BY entity_id ORDER BY valid_from DESC, known_from DESC, source_id, line, file_id) AS version
  FROM core.entity WHERE known_to IS NULL
) n ON n.entity_id = a.entity_id AND n.version = 1
WHERE o.channel = $channel AND o.state = 'queued' AND o.delivery IS NULL AND o.not_before <= CAST($now AS TIMESTAMP)
ORDER BY e.occurred_at, a.alert_id, e.sequence
