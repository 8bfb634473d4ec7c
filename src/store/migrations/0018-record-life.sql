-- The life of a dishonesty record: events from files, what they make of the record at every time of knowledge, and the dated rules.
ALTER TABLE core.dishonesty_record ADD COLUMN measure VARCHAR;   -- of a sanction: warning, demerit, major_demerit, demotion, dismissal
UPDATE raw.file SET definition_hash = '' WHERE definition_hash IS NOT NULL;

CREATE TABLE core.record_event (        -- appended to: a correction of an event is a new version of it
  record_key VARCHAR NOT NULL,          -- number of the event
  entity_id VARCHAR NOT NULL,           -- body whose record it is
  of_record VARCHAR NOT NULL,           -- record_key of the dishonesty record
  of_source VARCHAR,                    -- its source, needed where several sources use the number
  event VARCHAR NOT NULL,               -- verify, drop, order_rectification, confirm, publish, dispute, uphold, correct, revoke, withdraw, apply_repair, refuse_repair, repair
  occurred_at TIMESTAMP NOT NULL,
  actor_body VARCHAR NOT NULL,          -- office that acts, never a person
  document_no VARCHAR,
  responsible_id VARCHAR,               -- body that must answer an objection or withdraw the record
  severity VARCHAR, act_ended_on DATE, obligation_amount DECIMAL(18,2),   -- what is confirmed or corrected
  correction_done BOOLEAN, commitment_made BOOLEAN, other_body_checks BOOLEAN,
  note VARCHAR,
  source_id VARCHAR NOT NULL, file_id INTEGER NOT NULL, line BIGINT NOT NULL, flags VARCHAR[],
  valid_from DATE NOT NULL, valid_to DATE, known_from TIMESTAMP NOT NULL, known_to TIMESTAMP
);

-- Worked out from the records and events at every time at which the knowledge of them changes.
CREATE TABLE core.record_state (        -- what a record is by its events
  source_id VARCHAR NOT NULL, record_key VARCHAR NOT NULL,                -- of the dishonesty record
  state VARCHAR NOT NULL, state_on DATE, severity VARCHAR NOT NULL, decided_on DATE NOT NULL, act_ended_on DATE,
  document_no VARCHAR, issuing_body VARCHAR, published_on DATE, repaired_on DATE,
  objection_filed_on DATE, objection_answered_on DATE, obligation_amount DECIMAL(18,2),
  repair_state VARCHAR,                 -- applied, refused
  events INTEGER NOT NULL,
  known_from TIMESTAMP NOT NULL, known_to TIMESTAMP
);
CREATE TABLE core.record_verdict (      -- whether an event is legal
  source_id VARCHAR NOT NULL, record_key VARCHAR NOT NULL,                -- of the event
  accepted BOOLEAN NOT NULL, state_before VARCHAR, state_after VARCHAR, message_zh VARCHAR, message_en VARCHAR,
  known_from TIMESTAMP NOT NULL, known_to TIMESTAMP
);

CREATE TABLE core.record_rule (         -- the dated rules of metrics/rules, as the pipeline names them; the same at every as-of time
  kind VARCHAR NOT NULL,                -- publication, cap, objection, discipline
  rule_id VARCHAR NOT NULL,
  subject VARCHAR,                      -- publication: severity; discipline: measure
  effective_from DATE NOT NULL, effective_to DATE NOT NULL,               -- half-open
  except_types VARCHAR[] NOT NULL,
  publish VARCHAR,                      -- always, if_needed
  min_months INTEGER, max_months INTEGER,
  answer_days INTEGER, answer_days_other INTEGER, withdraw_days INTEGER,  -- working days
  place INTEGER NOT NULL                -- of several rules the first counts
);

-- The events that hold at the as-of time.
CREATE VIEW known.record_event AS
SELECT e.*, v.state_before, v.state_after
FROM core.record_event e
JOIN core.record_verdict v ON v.source_id = e.source_id AND v.record_key = e.record_key AND v.accepted
  AND v.known_from <= getvariable('as_of') AND (v.known_to IS NULL OR v.known_to > getvariable('as_of'))
WHERE e.known_from <= getvariable('as_of') AND (e.known_to IS NULL OR e.known_to > getvariable('as_of'));

-- A record as its source told it, overlaid by its events, and ended on the day the dated rules name: no job has to do it.
CREATE OR REPLACE VIEW known.dishonesty_record AS
WITH told AS (
  SELECT r.* REPLACE (
      CASE WHEN s.events IS NULL THEN r.state ELSE s.state END AS state,
      CASE WHEN s.events IS NULL THEN r.state_on ELSE s.state_on END AS state_on,
      CASE WHEN s.events IS NULL THEN r.severity ELSE s.severity END AS severity,
      CASE WHEN s.events IS NULL THEN r.decided_on ELSE s.decided_on END AS decided_on,
      CASE WHEN s.events IS NULL THEN r.act_ended_on ELSE s.act_ended_on END AS act_ended_on,
      CASE WHEN s.events IS NULL THEN r.document_no ELSE s.document_no END AS document_no,
      CASE WHEN s.events IS NULL THEN r.issuing_body ELSE s.issuing_body END AS issuing_body,
      CASE WHEN s.events IS NULL THEN r.published_on ELSE s.published_on END AS published_on,
      CASE WHEN s.events IS NULL THEN r.repaired_on ELSE s.repaired_on END AS repaired_on,
      CASE WHEN s.events IS NULL THEN r.objection_filed_on ELSE s.objection_filed_on END AS objection_filed_on,
      CASE WHEN s.events IS NULL THEN r.objection_answered_on ELSE s.objection_answered_on END AS objection_answered_on,
      CASE WHEN s.events IS NULL THEN r.obligation_amount ELSE s.obligation_amount END AS obligation_amount),
    s.repair_state
  FROM core.dishonesty_record r
  LEFT JOIN core.record_state s ON s.source_id = r.source_id AND s.record_key = r.record_key
    AND s.known_from <= getvariable('as_of') AND (s.known_to IS NULL OR s.known_to > getvariable('as_of'))
  WHERE r.known_from <= getvariable('as_of') AND (r.known_to IS NULL OR r.known_to > getvariable('as_of'))
), timed AS (
  SELECT t.*, p.publish, CAST(t.decided_on + to_months(p.min_months) AS DATE) AS earliest_repair_on,
    least(
      {'ends': coalesce(CAST(t.decided_on + to_months(p.max_months) AS DATE), DATE '9999-12-31'), 'rule': coalesce(p.rule_id, '')},
      {'ends': coalesce(CAST(t.act_ended_on + to_months(c.max_months) AS DATE), DATE '9999-12-31'), 'rule': coalesce(c.rule_id, '')},
      {'ends': coalesce(CAST(t.decided_on + to_months(d.max_months) AS DATE), DATE '9999-12-31'), 'rule': coalesce(d.rule_id, '')}
    ) AS earliest_end
  FROM told t
  LEFT JOIN core.record_rule p ON p.kind = 'publication' AND p.subject = t.severity
    AND t.decided_on >= p.effective_from AND t.decided_on < p.effective_to AND NOT list_contains(p.except_types, t.record_type)
  LEFT JOIN core.record_rule c ON c.kind = 'cap'
    AND t.decided_on >= c.effective_from AND t.decided_on < c.effective_to AND NOT list_contains(c.except_types, t.record_type)
  LEFT JOIN core.record_rule d ON d.kind = 'discipline' AND d.subject = t.measure
    AND t.decided_on >= d.effective_from AND t.decided_on < d.effective_to
), ended AS (
  SELECT * EXCLUDE (earliest_end),
    CASE WHEN earliest_end.ends < DATE '9999-12-31' THEN earliest_end.ends END AS publication_ends_on,
    CASE WHEN earliest_end.ends < DATE '9999-12-31' THEN earliest_end.rule END AS publication_ends_by,
    earliest_end.ends <= CAST(getvariable('as_of') AS DATE)
      AND state IN ('confirmed', 'published', 'disputed', 'upheld', 'corrected') AS is_over
  FROM timed
)
SELECT * EXCLUDE (is_over) REPLACE (
    CASE WHEN is_over THEN 'expired' ELSE state END AS state,
    CASE WHEN is_over THEN publication_ends_on ELSE state_on END AS state_on)
FROM ended;

-- Steps with a deadline in working days: objections to be answered, revoked records to be withdrawn and reported.
CREATE VIEW known.record_step AS
WITH step AS (
  SELECT 'answer' AS step, e.entity_id, coalesce(e.responsible_id, e.entity_id) AS responsible_id, e.of_record, e.of_source, e.record_key,
    CAST(e.occurred_at AS DATE) AS begun_on, coalesce(e.other_body_checks, false) AS other_body,
    (SELECT min(CAST(d.occurred_at AS DATE)) FROM known.record_event d
     WHERE d.of_record = e.of_record AND d.of_source IS NOT DISTINCT FROM e.of_source AND d.event IN ('uphold', 'correct', 'revoke')
       AND d.occurred_at >= e.occurred_at) AS done_on
  FROM known.record_event e WHERE e.event = 'dispute'
  UNION ALL
  SELECT 'withdraw', e.entity_id, coalesce(e.responsible_id, e.entity_id), e.of_record, e.of_source, e.record_key,
    CAST(e.occurred_at AS DATE), false,
    (SELECT min(CAST(d.occurred_at AS DATE)) FROM known.record_event d
     WHERE d.of_record = e.of_record AND d.of_source IS NOT DISTINCT FROM e.of_source AND d.event = 'withdraw' AND d.occurred_at >= e.occurred_at)
  FROM known.record_event e WHERE e.event = 'revoke'
)
SELECT s.step, s.entity_id, s.responsible_id, s.of_record, s.of_source, s.record_key, s.begun_on,
  working_day_after(s.begun_on, CASE WHEN s.step = 'withdraw' THEN r.withdraw_days WHEN s.other_body THEN r.answer_days_other ELSE r.answer_days END) AS due_on,
  s.done_on
FROM step s
JOIN core.record_rule r ON r.kind = 'objection' AND s.begun_on >= r.effective_from AND s.begun_on < r.effective_to;

-- An illegal event is set aside while it is known to be illegal.
CREATE OR REPLACE VIEW known.set_aside AS
SELECT q.*, f.refused_because IS NOT NULL AS in_refused_file
FROM quarantine.row q JOIN known.received_file f ON f.file_id = q.file_id
WHERE (q.reason <> 'conflict' OR EXISTS (
  SELECT 1 FROM core.sighting s
  WHERE s.source_id = q.source_id AND s.file_id = q.file_id AND s.line = q.line AND s.record_key = q.value
    AND s.outcome = 'conflict' AND s.known_from <= getvariable('as_of')
)) AND (q.reason <> 'illegal-event' OR EXISTS (
  SELECT 1 FROM core.record_verdict v
  WHERE v.source_id = q.source_id AND v.record_key = q.value AND NOT v.accepted
    AND v.known_from <= getvariable('as_of') AND (v.known_to IS NULL OR v.known_to > getvariable('as_of'))
));

-- While a record is disputed, a standard may leave it out.
ALTER TABLE facts.item ADD COLUMN disputed_on DATE;

-- Results that go back to the platform, each exactly once by its key.
CREATE SCHEMA record;
CREATE TABLE record.outbox (
  message_id VARCHAR PRIMARY KEY,       -- the idempotency key: of the event's number
  event_source VARCHAR NOT NULL, event_key VARCHAR NOT NULL, of_record VARCHAR NOT NULL, entity_id VARCHAR NOT NULL,
  payload VARCHAR NOT NULL,             -- JSON as sent
  queued_at TIMESTAMP NOT NULL, not_before TIMESTAMP NOT NULL,
  state VARCHAR NOT NULL,               -- queued, sent, failed
  attempts INTEGER NOT NULL, sent_at TIMESTAMP, last_error VARCHAR
);
