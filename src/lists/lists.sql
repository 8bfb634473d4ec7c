-- name: ranks
SELECT entity_id AS entity, level, peer_class AS "peerClass", period, grade, score, rank, ranked_of AS "rankedOf", vetoed_by AS "vetoedBy"
FROM scores.rank WHERE run_id = $run_id
ORDER BY level, peer_class, entity_id, period

-- name: records
-- Only organs, and only what has been found to be so and still stands at the as-of time.
SELECT entity_id AS entity, record_key AS key, document_no AS "documentNo", record_type AS type, severity, severity_basis AS "severityBasis", field,
  CAST(notified_on AS VARCHAR) AS "notifiedOn", CAST(heard_on AS VARCHAR) AS "heardOn", CAST(delivered_on AS VARCHAR) AS "deliveredOn",
  CAST(decided_on AS VARCHAR) AS "decidedOn",
  state = 'disputed' OR (objection_filed_on IS NOT NULL AND objection_answered_on IS NULL) AS disputed,
  file_id AS "fileId", line
FROM known.dishonesty_record
WHERE subject_kind = 'organ'
  AND state IN ('confirmed', 'published', 'disputed', 'upheld', 'corrected')
  AND decided_on <= CAST($ends_on AS DATE)
ORDER BY entity_id, decided_on, record_key, file_id, line

-- name: values
SELECT v.entity_id AS entity, c.indicator_id AS indicator, v.value
FROM facts.run_computation c
JOIN facts.value v ON v.fingerprint = c.fingerprint
WHERE c.run_id = $run_id AND c.period = $period AND v.state = 'assessed' AND v.value IS NOT NULL
ORDER BY v.entity_id, c.indicator_id

-- name: delete-entries
DELETE FROM scores.list_entry WHERE run_id = $run_id

-- name: insert-entries
INSERT INTO scores.list_entry BY NAME
SELECT $run_id AS run_id, $period AS period, r.* REPLACE (
  CAST(r.since AS DATE) AS since, CAST(r.until AS DATE) AS until, CAST(r.decided_on AS DATE) AS decided_on)
FROM (
  SELECT unnest(from_json(CAST($rows AS JSON),
    '[{"place":"INTEGER","list_id":"VARCHAR","kind":"VARCHAR","field":"VARCHAR","entity_id":"VARCHAR","rule_id":"VARCHAR","article_zh":"VARCHAR","article_en":"VARCHAR","reason_zh":"VARCHAR","reason_en":"VARCHAR","since":"VARCHAR","until":"VARCHAR","ends":"VARCHAR","disputed":"BOOLEAN","record_key":"VARCHAR","document_no":"VARCHAR","record_type":"VARCHAR","severity":"VARCHAR","decided_on":"VARCHAR","file_id":"INTEGER","line":"BIGINT"}]')) AS r
)
ORDER BY r.place
