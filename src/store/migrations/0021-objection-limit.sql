-- The longest limit for answering an objection, in working days, by the dated rule of the day on which it was filed: a record as its source
-- tells it does not say whether another body must check.
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
