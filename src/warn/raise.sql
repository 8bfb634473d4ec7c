-- name: last-replay
-- The newest knowledge of the run's pipeline that was carried into its alerts.
SELECT p.run_id, CAST(p.as_of AS VARCHAR) AS as_of, p.period
FROM warn.replay p LEFT JOIN scores.run r ON r.run_id = p.run_id
WHERE r.pipeline IS NULL OR r.pipeline = (SELECT own.pipeline FROM scores.run own WHERE own.run_id = $run)
ORDER BY p.as_of DESC, p.period DESC LIMIT 1

-- name: note-replay
INSERT OR REPLACE INTO warn.replay VALUES ($run, $period, CAST($as_of AS TIMESTAMP))

-- name: standing
-- What stands above green in this run, one row a body, rule and part.
SELECT c.warnings_id, c.entity_id, e.rule_id, e.part, e.began, e.level, e.value, e.message_zh, e.message_en
FROM warn.run_computation c JOIN warn.episode e ON e.fingerprint = c.fingerprint
WHERE c.run_id = $run AND e.ended IS NULL
ORDER BY c.warnings_id, c.entity_id, e.rule_id, e.part

-- name: newest-alerts
-- The alerts of the run's pipeline, of each body, rule and part the newest last.
SELECT a.alert_id, a.warnings_id, a.entity_id, a.rule_id, a.part, a.state, a.level, a.recovered,
  (SELECT max(sequence) FROM warn.alert_event v WHERE v.alert_id = a.alert_id) AS sequence
FROM warn.alert a LEFT JOIN warn.alert_pipeline p USING (alert_id)
WHERE a.rule_id <> 'test' AND (p.pipeline IS NULL OR p.pipeline = (SELECT own.pipeline FROM scores.run own WHERE own.run_id = $run))
ORDER BY a.raised_at, a.alert_id

-- name: insert-alert
INSERT OR IGNORE INTO warn.alert_raised
SELECT a.alert_id, a.warnings_id, a.entity_id, a.rule_id, a.part, a.began, CAST(a.raised_at AS TIMESTAMP), a.owner,
  CAST(a.raised_at AS TIMESTAMP) + to_seconds(a.acknowledge_days * 86400), CAST(a.raised_at AS TIMESTAMP) + to_seconds(a.handle_days * 86400)
FROM (SELECT unnest(from_json(CAST($rows AS JSON), '[{"alert_id":"VARCHAR","warnings_id":"VARCHAR","entity_id":"VARCHAR","rule_id":"VARCHAR","part":"VARCHAR","began":"VARCHAR","raised_at":"VARCHAR","owner":"VARCHAR","acknowledge_days":"DOUBLE","handle_days":"DOUBLE"}]'), recursive := true)) a

-- name: insert-pipeline
INSERT OR IGNORE INTO warn.alert_pipeline
SELECT unnest(CAST(CAST($alerts AS JSON) AS VARCHAR[])), r.pipeline FROM scores.run r WHERE r.run_id = $run

-- name: insert-event
INSERT OR IGNORE INTO warn.alert_event BY NAME
SELECT e.event_id, e.alert_id, e.sequence, CAST(e.occurred_at AS TIMESTAMP) AS occurred_at, e.actor, e.kind, e.level, e.value, e.message_zh, e.message_en
FROM (SELECT unnest(from_json(CAST($rows AS JSON), '[{"event_id":"VARCHAR","alert_id":"VARCHAR","sequence":"INTEGER","occurred_at":"VARCHAR","actor":"VARCHAR","kind":"VARCHAR","level":"VARCHAR","value":"DOUBLE","message_zh":"VARCHAR","message_en":"VARCHAR"}]'), recursive := true)) e
