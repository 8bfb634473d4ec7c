-- A record says what sets its severity, and a listing how it was decided: told beforehand, heard, delivered.
ALTER TABLE core.dishonesty_record ADD COLUMN severity_basis VARCHAR;  -- provision or decision that sets the severity; none: nobody has set it
ALTER TABLE core.dishonesty_record ADD COLUMN procedure VARCHAR;       -- of a penalty: summary, ordinary
ALTER TABLE core.dishonesty_record ADD COLUMN notified_on DATE;        -- told beforehand that it would be listed
ALTER TABLE core.dishonesty_record ADD COLUMN heard_on DATE;           -- stated its case
ALTER TABLE core.dishonesty_record ADD COLUMN delivered_on DATE;       -- the decision was delivered to it
UPDATE raw.file SET definition_hash = '' WHERE definition_hash IS NOT NULL;

ALTER TABLE core.record_state ADD COLUMN severity_basis VARCHAR;
ALTER TABLE core.record_state ADD COLUMN notified_on DATE;
ALTER TABLE core.record_state ADD COLUMN heard_on DATE;
ALTER TABLE core.record_state ADD COLUMN delivered_on DATE;

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
      CASE WHEN s.events IS NULL THEN r.obligation_amount ELSE s.obligation_amount END AS obligation_amount,
      CASE WHEN s.events IS NULL THEN r.severity_basis ELSE s.severity_basis END AS severity_basis,
      CASE WHEN s.events IS NULL THEN r.notified_on ELSE s.notified_on END AS notified_on,
      CASE WHEN s.events IS NULL THEN r.heard_on ELSE s.heard_on END AS heard_on,
      CASE WHEN s.events IS NULL THEN r.delivered_on ELSE s.delivered_on END AS delivered_on),
    s.repair_state
  FROM core.dishonesty_record r
  LEFT JOIN core.record_state s ON s.source_id = r.source_id AND s.record_key = r.record_key
    AND s.known_from <= getvariable('as_of') AND (s.known_to IS NULL OR s.known_to > getvariable('as_of'))
  WHERE is_counted(r.source_id) AND r.known_from <= getvariable('as_of') AND (r.known_to IS NULL OR r.known_to > getvariable('as_of'))
), timed AS (
  SELECT t.*, p.publish, CAST(t.decided_on + to_months(p.min_months) AS DATE) AS earliest_repair_on,
    o.answer_days_other AS objection_answer_days, k.rule_id AS class_rule, x.rule_id AS exclusion_rule,
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
  LEFT JOIN core.record_rule k ON k.kind = 'class' AND k.subject = t.record_type
    AND t.decided_on >= k.effective_from AND t.decided_on < k.effective_to
  LEFT JOIN core.record_rule x ON x.kind = 'exclusion' AND x.subject = t.record_type
    AND t.decided_on >= x.effective_from AND t.decided_on < x.effective_to
    AND (list_contains(x.except_types, t.severity) OR list_contains(x.except_types, t.procedure))
), ended AS (
  SELECT * EXCLUDE (earliest_end),
    CASE WHEN earliest_end.ends < DATE '9999-12-31' THEN earliest_end.ends END AS publication_ends_on,
    CASE WHEN earliest_end.ends < DATE '9999-12-31' THEN earliest_end.rule END AS publication_ends_by,
    earliest_end.ends <= CAST(getvariable('as_of') AS DATE)
      AND state IN ('confirmed', 'published', 'disputed', 'upheld', 'corrected') AS is_over
  FROM timed
)
SELECT * EXCLUDE (is_over, class_rule, exclusion_rule) REPLACE (
    -- Set by a law for this kind of record, or by the decision itself; else nobody has said how grave it is.
    coalesce(severity_basis, class_rule) AS severity_basis,
    CASE WHEN exclusion_rule IS NOT NULL AND state IN ('confirmed', 'published', 'disputed', 'upheld', 'corrected', 'repaired', 'expired')
      THEN 'not_entered' WHEN is_over THEN 'expired' ELSE state END AS state,
    CASE WHEN is_over THEN publication_ends_on ELSE state_on END AS state_on)
FROM ended;

-- Steps with a deadline in working days.
CREATE OR REPLACE VIEW known.record_step AS
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
  UNION ALL
  -- Before a body is put on a list it is told so and may speak; what is decided is delivered to it.
  SELECT 'hear', e.entity_id, coalesce(e.responsible_id, e.entity_id), e.of_record, e.of_source, e.record_key,
    CAST(e.occurred_at AS DATE), false,
    (SELECT min(CAST(d.occurred_at AS DATE)) FROM known.record_event d
     WHERE d.of_record = e.of_record AND d.of_source IS NOT DISTINCT FROM e.of_source AND d.event IN ('hear', 'confirm', 'drop')
       AND d.occurred_at >= e.occurred_at)
  FROM known.record_event e WHERE e.event = 'notify'
  UNION ALL
  SELECT 'deliver', e.entity_id, coalesce(e.responsible_id, e.entity_id), e.of_record, e.of_source, e.record_key,
    CAST(e.occurred_at AS DATE), false,
    (SELECT min(CAST(d.occurred_at AS DATE)) FROM known.record_event d
     WHERE d.of_record = e.of_record AND d.of_source IS NOT DISTINCT FROM e.of_source AND d.event IN ('deliver', 'revoke')
       AND d.occurred_at >= e.occurred_at)
  FROM known.record_event e
  WHERE e.event = 'confirm' AND EXISTS (
    SELECT 1 FROM known.record_event n
    WHERE n.of_record = e.of_record AND n.of_source IS NOT DISTINCT FROM e.of_source AND n.event = 'notify')
)
SELECT s.step, s.entity_id, s.responsible_id, s.of_record, s.of_source, s.record_key, s.begun_on,
  working_day_after(s.begun_on, CASE WHEN s.step IN ('withdraw', 'deliver') THEN r.withdraw_days WHEN s.other_body THEN r.answer_days_other ELSE r.answer_days END) AS due_on,
  s.done_on
FROM step s
JOIN core.record_rule r ON r.kind = CASE WHEN s.step IN ('hear', 'deliver') THEN 'listing' ELSE 'objection' END AND s.begun_on >= r.effective_from AND s.begun_on < r.effective_to;
