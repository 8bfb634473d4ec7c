-- name: create-disputed
-- Numbers of the records with an open objection: they are marked wherever they show.
CREATE OR REPLACE TABLE draft.publish_disputed AS
SELECT DISTINCT record_key FROM known.dishonesty_record WHERE subject_kind = 'organ' AND state = 'disputed'

-- name: create-dishonesty_record
-- What may be seen by everybody: records of bodies, published and not over at the as-of time. No column of a person, no free text.
CREATE OR REPLACE TABLE draft.published_dishonesty_record AS
SELECT $run_id AS run_id, d.record_key, d.entity_id, d.record_type,
  -- How grave a record is stands here only where a law or the decision says so.
  CASE WHEN d.severity_basis IS NOT NULL THEN d.severity END AS severity, d.severity_basis, d.field, d.document_no, d.issuing_body, d.decided_on,
  d.published_on, d.state, d.state_on, d.state = 'disputed' AS disputed, d.objection_filed_on, d.objection_answered_on, d.repair_state,
  d.earliest_repair_on, d.publication_ends_on, d.publication_ends_by, b.zh AS publication_basis_zh, b.en AS publication_basis_en, f.file_id, d.line
FROM known.dishonesty_record d
LEFT JOIN draft.publish_file_number f ON f.held_id = d.file_id
LEFT JOIN (
  SELECT r.rule_id, r.zh, r.en
  FROM (SELECT unnest(from_json(CAST($rows AS JSON), '[{"rule_id":"VARCHAR","zh":"VARCHAR","en":"VARCHAR"}]')) AS r)
) b ON b.rule_id = d.publication_ends_by
WHERE d.subject_kind = 'organ' AND d.state IN ('published', 'disputed', 'upheld', 'corrected') AND d.published_on IS NOT NULL
ORDER BY d.entity_id, d.decided_on, d.record_key, f.file_id, d.line

-- name: create-record_event
CREATE OR REPLACE TABLE draft.published_record_event AS
SELECT $run_id AS run_id, e.record_key AS event_id, e.of_record AS record_key, e.entity_id, e.event, e.state_before, e.state_after,
  e.occurred_at, e.known_from AS known_at, e.document_no, e.actor_body, e.responsible_id, f.file_id, e.line
FROM known.record_event e
JOIN known.dishonesty_record d ON d.record_key = e.of_record AND (e.of_source IS NULL OR d.source_id = e.of_source)
LEFT JOIN draft.publish_file_number f ON f.held_id = e.file_id
WHERE d.subject_kind = 'organ' AND e.event NOT IN ('verify', 'drop', 'order_rectification')
  AND d.state IN ('published', 'disputed', 'upheld', 'corrected') AND d.published_on IS NOT NULL
ORDER BY e.entity_id, e.of_record, e.occurred_at, e.record_key

-- name: lapsed
-- Records of bodies that are shown no more, with the day since when and the state that ended it. One ended on an unknown day has
-- ended by the as-of day.
SELECT d.source_id, d.entity_id, d.record_key, d.document_no, d.state AS reason,
  coalesce(CASE WHEN d.state = 'repaired' THEN d.repaired_on END, d.state_on, CAST(getvariable('as_of') AS DATE)) AS since
FROM known.dishonesty_record d
WHERE d.subject_kind = 'organ' AND d.state IN ('revoked', 'repaired', 'expired')
ORDER BY d.source_id, d.entity_id, d.record_key, since

-- name: create-lapsed
CREATE OR REPLACE TABLE draft.publish_lapsed AS SELECT DISTINCT source_id, entity_id, record_key FROM ({{lapsed}})
