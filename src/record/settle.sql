-- name: clear-rules
DELETE FROM core.record_rule

-- name: add-rules
INSERT INTO core.record_rule BY NAME
SELECT r.* FROM (SELECT unnest(from_json(CAST($rows AS JSON),
  '[{"kind":"VARCHAR","rule_id":"VARCHAR","subject":"VARCHAR","effective_from":"DATE","effective_to":"DATE","except_types":["VARCHAR"],"publish":"VARCHAR","min_months":"INTEGER","max_months":"INTEGER","answer_days":"INTEGER","answer_days_other":"INTEGER","withdraw_days":"INTEGER","place":"INTEGER"}]')) AS r)

-- name: count-events
SELECT (SELECT count(*) FROM core.record_event WHERE is_counted(source_id)) AS events,
  (SELECT count(*) FROM core.record_verdict WHERE is_counted(source_id))
    + (SELECT count(*) FROM core.record_state WHERE is_counted(source_id)) AS verdicts

-- name: read-events
SELECT source_id, record_key AS event_key, entity_id, of_record, of_source, event, CAST(occurred_at AS VARCHAR) AS occurred_at,
  actor_body, document_no, responsible_id, severity, CAST(act_ended_on AS VARCHAR) AS act_ended_on,
  CAST(obligation_amount AS VARCHAR) AS obligation_amount, correction_done, commitment_made, other_body_checks, note, file_id, line,
  CAST(known_from AS VARCHAR) AS known_from, CAST(known_to AS VARCHAR) AS known_to
FROM core.record_event
WHERE is_counted(source_id)
ORDER BY of_record, occurred_at, source_id, record_key, known_from

-- name: read-codes
-- What the bodies on file answer to, for those that act by their name.
SELECT code, scheme, entity_id, CAST(valid_from AS VARCHAR) AS valid_from, CAST(valid_to AS VARCHAR) AS valid_to,
  CAST(known_from AS VARCHAR) AS known_from, CAST(known_to AS VARCHAR) AS known_to
FROM core.entity_code
WHERE is_counted(source_id)
ORDER BY code, scheme, entity_id, valid_from, known_from

-- name: read-records
SELECT source_id, record_key, entity_id, record_type, severity, severity_basis, measure, document_no, issuing_body,
  CAST(decided_on AS VARCHAR) AS decided_on, CAST(act_ended_on AS VARCHAR) AS act_ended_on, state, CAST(state_on AS VARCHAR) AS state_on,
  CAST(published_on AS VARCHAR) AS published_on, CAST(repaired_on AS VARCHAR) AS repaired_on,
  CAST(objection_filed_on AS VARCHAR) AS objection_filed_on, CAST(objection_answered_on AS VARCHAR) AS objection_answered_on,
  CAST(obligation_amount AS VARCHAR) AS obligation_amount,
  CAST(notified_on AS VARCHAR) AS notified_on, CAST(heard_on AS VARCHAR) AS heard_on, CAST(delivered_on AS VARCHAR) AS delivered_on,
  CAST(known_from AS VARCHAR) AS known_from, CAST(known_to AS VARCHAR) AS known_to
FROM core.dishonesty_record
WHERE is_counted(source_id) AND record_key IN (SELECT of_record FROM core.record_event)
ORDER BY record_key, source_id, known_from

-- name: clear-states
DELETE FROM core.record_state WHERE is_counted(source_id)

-- name: clear-verdicts
DELETE FROM core.record_verdict WHERE is_counted(source_id)

-- name: clear-quarantine
DELETE FROM quarantine.row WHERE reason = 'illegal-event' AND is_counted(source_id)

-- name: add-states
INSERT INTO core.record_state BY NAME
SELECT s.* FROM (SELECT unnest(from_json(CAST($rows AS JSON),
  '[{"source_id":"VARCHAR","record_key":"VARCHAR","state":"VARCHAR","state_on":"DATE","severity":"VARCHAR","severity_basis":"VARCHAR","notified_on":"DATE","heard_on":"DATE","delivered_on":"DATE","decided_on":"DATE","act_ended_on":"DATE","document_no":"VARCHAR","issuing_body":"VARCHAR","published_on":"DATE","repaired_on":"DATE","objection_filed_on":"DATE","objection_answered_on":"DATE","obligation_amount":"DECIMAL(18,2)","repair_state":"VARCHAR","events":"INTEGER","known_from":"TIMESTAMP","known_to":"TIMESTAMP"}]')) AS s)

-- name: add-verdicts
INSERT INTO core.record_verdict BY NAME
SELECT v.* FROM (SELECT unnest(from_json(CAST($rows AS JSON),
  '[{"source_id":"VARCHAR","record_key":"VARCHAR","accepted":"BOOLEAN","state_before":"VARCHAR","state_after":"VARCHAR","message_zh":"VARCHAR","message_en":"VARCHAR","known_from":"TIMESTAMP","known_to":"TIMESTAMP"}]')) AS v)

-- name: quarantine-refused
-- One row for every version of an event that is refused at some time, with the newest reason.
INSERT INTO quarantine.row BY NAME
SELECT e.source_id, e.file_id, e.line, 'event' AS column_name, e.record_key AS value, 'illegal-event' AS reason,
  arg_max(v.message_zh, v.known_from) AS message_zh, arg_max(v.message_en, v.known_from) AS message_en
FROM core.record_event e
JOIN core.record_verdict v ON v.source_id = e.source_id AND v.record_key = e.record_key AND NOT v.accepted
  AND v.known_from < coalesce(e.known_to, TIMESTAMP '9999-12-31') AND e.known_from < coalesce(v.known_to, TIMESTAMP '9999-12-31')
WHERE is_counted(e.source_id)
GROUP BY e.source_id, e.file_id, e.line, e.record_key
ORDER BY e.source_id, e.file_id, e.line
