-- Files that go, and sources that no longer count.
-- What was seen of files after they were received: whether they still lie in their folder, and who withdrew them.
CREATE TABLE raw.file_event (
  event_id  INTEGER PRIMARY KEY,      -- in the order in which they were noted; of one file, known_at never goes back
  source_id VARCHAR NOT NULL,
  file_id   INTEGER NOT NULL,
  event     VARCHAR NOT NULL,         -- gone, replaced (gone, with other bytes under its name), back; withdrawn, restored
  known_at  TIMESTAMP NOT NULL,       -- from when it is known
  by_file   INTEGER,                  -- of replaced: the file that now has its name
  reason    VARCHAR                   -- of withdrawn and restored: why, in the words of whoever did it
);

-- When the rows of a file hold, half-open, of files that do not hold always: worked out by conform from the events and from
-- what the source's folder means.
CREATE TABLE core.file_stretch (
  source_id VARCHAR NOT NULL, file_id INTEGER NOT NULL,
  begins TIMESTAMP NOT NULL, ends TIMESTAMP NOT NULL     -- -infinity, infinity: without end
);
CREATE TABLE core.source_events (     -- what of its files' events a source was conformed by
  source_id VARCHAR PRIMARY KEY, events_hash VARCHAR NOT NULL
);
-- A report outvoted by one whose file went is so only until then.
ALTER TABLE core.sighting ADD COLUMN known_to TIMESTAMP;
-- Lines that hold again, or otherwise, because a file went or came back: no news of their source.
CREATE TABLE core.known_again (
  source_id VARCHAR NOT NULL, file_id INTEGER NOT NULL, line BIGINT NOT NULL, known_from TIMESTAMP NOT NULL
);

-- Whether a source counts for the pipeline that asks. The session variable left_out names the sources held that are not the
-- pipeline's, so that a jurisdiction with one pipeline pays nothing.
CREATE MACRO is_counted(source) AS (
  getvariable('left_out') IS NULL OR NOT list_contains(getvariable('left_out'), source));

CREATE VIEW known.file_event AS
SELECT e.event_id, e.source_id, e.file_id, e.event, e.known_at, e.by_file FROM raw.file_event e
WHERE e.known_at <= getvariable('as_of') AND is_counted(e.source_id);

-- Files of which something was known at the as-of time, withdrawn ones too.
CREATE VIEW known.held_file AS SELECT * FROM raw.file
  WHERE coalesce(first_known, received_at) <= getvariable('as_of') AND is_counted(source_id);

-- Files whose rows do not hold at the as-of time: withdrawn, or gone from a folder that is the truth.
CREATE VIEW known.withdrawn_file AS
SELECT file_id FROM core.file_stretch GROUP BY file_id
HAVING NOT bool_or(begins <= getvariable('as_of') AND ends > getvariable('as_of'));

CREATE OR REPLACE VIEW known.received_file AS
SELECT * FROM known.held_file WHERE file_id NOT IN (SELECT file_id FROM known.withdrawn_file);

-- A view keeps the columns it was made with, and from now on only rows of sources that count.
CREATE OR REPLACE VIEW known.entity AS SELECT * FROM core.entity
  WHERE is_counted(source_id) AND known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE OR REPLACE VIEW known.entity_code AS SELECT * FROM core.entity_code
  WHERE is_counted(source_id) AND known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE OR REPLACE VIEW known.complaint AS SELECT * FROM core.complaint
  WHERE is_counted(source_id) AND known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE OR REPLACE VIEW known.commitment AS SELECT * FROM core.commitment
  WHERE is_counted(source_id) AND known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE OR REPLACE VIEW known.publicity_item AS SELECT * FROM core.publicity_item
  WHERE is_counted(source_id) AND known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE OR REPLACE VIEW known.decision_procedure AS SELECT * FROM core.decision_procedure
  WHERE is_counted(source_id) AND known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE OR REPLACE VIEW known.proposal AS SELECT * FROM core.proposal
  WHERE is_counted(source_id) AND known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE OR REPLACE VIEW known.contract AS SELECT * FROM core.contract
  WHERE is_counted(source_id) AND known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE OR REPLACE VIEW known.debt_position AS SELECT * FROM core.debt_position
  WHERE is_counted(source_id) AND known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE OR REPLACE VIEW known.training AS SELECT * FROM core.training
  WHERE is_counted(source_id) AND known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE OR REPLACE VIEW known.inspection AS SELECT * FROM core.inspection
  WHERE is_counted(source_id) AND known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE OR REPLACE VIEW known.honour AS SELECT * FROM core.honour
  WHERE is_counted(source_id) AND known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE OR REPLACE VIEW known.task AS SELECT * FROM core.task
  WHERE is_counted(source_id) AND known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE OR REPLACE VIEW known.third_party_rating AS SELECT * FROM core.third_party_rating
  WHERE is_counted(source_id) AND known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE OR REPLACE VIEW known.service_commitment AS SELECT * FROM core.service_commitment
  WHERE is_counted(source_id) AND known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));
CREATE OR REPLACE VIEW known.observation AS SELECT * FROM core.observation
  WHERE is_counted(source_id) AND known_from <= getvariable('as_of') AND (known_to IS NULL OR known_to > getvariable('as_of'));

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
  WHERE is_counted(r.source_id) AND r.known_from <= getvariable('as_of') AND (r.known_to IS NULL OR r.known_to > getvariable('as_of'))
), timed AS (
  SELECT t.*, p.publish, CAST(t.decided_on + to_months(p.min_months) AS DATE) AS earliest_repair_on,
    o.answer_days_other AS objection_answer_days,
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
  LEFT JOIN core.record_rule o ON o.kind = 'objection'
    AND t.objection_filed_on >= o.effective_from AND t.objection_filed_on < o.effective_to
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

CREATE OR REPLACE VIEW known.record_event AS
SELECT e.*, v.state_before, v.state_after
FROM core.record_event e
JOIN core.record_verdict v ON v.source_id = e.source_id AND v.record_key = e.record_key AND v.accepted
  AND v.known_from <= getvariable('as_of') AND (v.known_to IS NULL OR v.known_to > getvariable('as_of'))
WHERE is_counted(e.source_id) AND e.known_from <= getvariable('as_of') AND (e.known_to IS NULL OR e.known_to > getvariable('as_of'));

CREATE OR REPLACE VIEW known.failed_pull AS
SELECT source_id, attempted_at, split_part(failed_because, chr(10), 1) AS message_zh, split_part(failed_because, chr(10), 2) AS message_en
FROM (
  SELECT *, row_number() OVER (PARTITION BY source_id ORDER BY attempted_at DESC) AS newest
  FROM raw.pull_attempt WHERE attempted_at <= getvariable('as_of') AND is_counted(source_id)
) WHERE newest = 1 AND failed_because IS NOT NULL;

CREATE OR REPLACE VIEW known.set_aside AS
SELECT q.*, f.refused_because IS NOT NULL AS in_refused_file
FROM quarantine.row q JOIN known.received_file f ON f.file_id = q.file_id
WHERE (q.reason <> 'conflict' OR EXISTS (
  SELECT 1 FROM core.sighting s
  WHERE s.source_id = q.source_id AND s.file_id = q.file_id AND s.line = q.line AND s.record_key = q.value
    AND s.outcome = 'conflict' AND s.known_from <= getvariable('as_of') AND (s.known_to IS NULL OR s.known_to > getvariable('as_of'))
)) AND (q.reason <> 'illegal-event' OR EXISTS (
  SELECT 1 FROM core.record_verdict v
  WHERE v.source_id = q.source_id AND v.record_key = q.value AND NOT v.accepted
    AND v.known_from <= getvariable('as_of') AND (v.known_to IS NULL OR v.known_to > getvariable('as_of'))
));
