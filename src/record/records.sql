-- name: list
-- Records of bodies; those of persons are shown nowhere.
SELECT d.source_id, d.record_key, d.entity_id, n.name_zh, n.name_en, d.record_type, d.severity, d.severity_basis, d.state, CAST(d.state_on AS VARCHAR) AS state_on,
  CAST(d.decided_on AS VARCHAR) AS decided_on, d.document_no, d.repair_state,
  CAST(d.publication_ends_on AS VARCHAR) AS publication_ends_on, d.publication_ends_by, CAST(d.earliest_repair_on AS VARCHAR) AS earliest_repair_on
FROM known.dishonesty_record d
LEFT JOIN (
  SELECT entity_id, name_zh, name_en, row_number() OVER (PARTITION BY entity_id ORDER BY valid_from DESC, known_from DESC, source_id, line, file_id) AS version
  FROM known.entity
) n ON n.entity_id = d.entity_id AND n.version = 1
WHERE d.subject_kind = 'organ'
  AND ($entity IS NULL OR d.entity_id = $entity) AND ($state IS NULL OR d.state = $state)
  AND ($record IS NULL OR d.record_key = $record) AND ($source IS NULL OR d.source_id = $source)
ORDER BY d.entity_id, d.decided_on, d.record_key, d.source_id

-- name: facts
-- A record as its events leave it, before the dated rules end it.
SELECT r.entity_id, r.record_type, coalesce(s.severity, r.severity) AS severity, r.measure,
  CASE WHEN s.events IS NULL THEN r.severity_basis ELSE s.severity_basis END AS severity_basis,
  CAST(CASE WHEN s.events IS NULL THEN r.notified_on ELSE s.notified_on END AS VARCHAR) AS notified_on,
  CAST(CASE WHEN s.events IS NULL THEN r.heard_on ELSE s.heard_on END AS VARCHAR) AS heard_on,
  CAST(CASE WHEN s.events IS NULL THEN r.delivered_on ELSE s.delivered_on END AS VARCHAR) AS delivered_on,
  CASE WHEN s.events IS NULL THEN r.document_no ELSE s.document_no END AS document_no,
  CASE WHEN s.events IS NULL THEN r.issuing_body ELSE s.issuing_body END AS issuing_body,
  CAST(coalesce(s.decided_on, r.decided_on) AS VARCHAR) AS decided_on,
  CAST(CASE WHEN s.events IS NULL THEN r.act_ended_on ELSE s.act_ended_on END AS VARCHAR) AS act_ended_on,
  coalesce(s.state, r.state) AS state,
  CAST(CASE WHEN s.events IS NULL THEN r.state_on ELSE s.state_on END AS VARCHAR) AS state_on,
  CAST(CASE WHEN s.events IS NULL THEN r.published_on ELSE s.published_on END AS VARCHAR) AS published_on,
  CAST(CASE WHEN s.events IS NULL THEN r.repaired_on ELSE s.repaired_on END AS VARCHAR) AS repaired_on,
  CAST(CASE WHEN s.events IS NULL THEN r.objection_filed_on ELSE s.objection_filed_on END AS VARCHAR) AS objection_filed_on,
  CAST(CASE WHEN s.events IS NULL THEN r.objection_answered_on ELSE s.objection_answered_on END AS VARCHAR) AS objection_answered_on,
  CAST(CASE WHEN s.events IS NULL THEN r.obligation_amount ELSE s.obligation_amount END AS VARCHAR) AS obligation_amount,
  s.repair_state
FROM core.dishonesty_record r
LEFT JOIN core.record_state s ON s.source_id = r.source_id AND s.record_key = r.record_key
  AND s.known_from <= getvariable('as_of') AND (s.known_to IS NULL OR s.known_to > getvariable('as_of'))
WHERE r.record_key = $record AND r.source_id = $source AND r.subject_kind = 'organ'
  AND r.known_from <= getvariable('as_of') AND (r.known_to IS NULL OR r.known_to > getvariable('as_of'))

-- name: codes
-- What the bodies on file answer to.
SELECT code, scheme, entity_id, CAST(valid_from AS VARCHAR) AS valid_from, CAST(valid_to AS VARCHAR) AS valid_to
FROM known.entity_code ORDER BY code, scheme, entity_id, valid_from

-- name: events
SELECT e.source_id, e.record_key AS event_id, e.event, CAST(e.occurred_at AS VARCHAR) AS occurred_at, e.state_before, e.state_after, e.actor_body,
  e.document_no, e.responsible_id, e.correction_done, e.commitment_made, CAST(e.known_from AS VARCHAR) AS known_at
FROM known.record_event e
WHERE e.of_record = $record AND (e.of_source IS NULL OR e.of_source = $source)
ORDER BY e.occurred_at, e.known_from, e.line, e.record_key

-- name: steps
SELECT step, responsible_id, CAST(begun_on AS VARCHAR) AS begun_on, CAST(due_on AS VARCHAR) AS due_on, CAST(done_on AS VARCHAR) AS done_on
FROM known.record_step WHERE of_record = $record AND (of_source IS NULL OR of_source = $source)
ORDER BY begun_on, step

-- name: verdict
SELECT v.accepted, v.state_after, v.message_zh, v.message_en
FROM core.record_verdict v
WHERE v.record_key = $event AND v.known_from <= getvariable('as_of') AND (v.known_to IS NULL OR v.known_to > getvariable('as_of'))

-- name: set-aside
SELECT message_zh, message_en FROM quarantine.row q JOIN raw.file f ON f.file_id = q.file_id
WHERE f.file_name = $file AND q.reason <> 'conflict' ORDER BY line LIMIT 1

-- name: entity-code
SELECT DISTINCT entity_id FROM known.entity_code WHERE code = $code
