-- Every record as known at the as-of time, one statement a table, in an order of its own. Left out: pseudonyms, free text,
-- names and codes of subjects, and known_to, which tells of what became known later. Rows about persons and sole traders
-- have no number either, for it leads to their names.

-- name: complaint
SELECT r.record_key, r.entity_id, r.channel, r.category, r.subcategory, r.received_at, r.forwarded_at,
  r.signed_at, r.responded_at, r.due_at, r.closed_at, r.resolved, r.satisfaction, r.returned, r.reopened,
  r.repeat_of, r.source_id, n.file_id, r.line, r.flags, r.valid_from, r.valid_to, r.known_from
FROM known.complaint r LEFT JOIN draft.publish_file_number n ON n.held_id = r.file_id
ORDER BY r.record_key, r.source_id, n.file_id, r.line

-- name: commitment
SELECT r.record_key, r.entity_id, r.kind, r.field, r.made_on, r.disclosed_on, r.due_on, r.fulfilled_on, r.state,
  r.source_id, n.file_id, r.line, r.flags, r.valid_from, r.valid_to, r.known_from
FROM known.commitment r LEFT JOIN draft.publish_file_number n ON n.held_id = r.file_id
ORDER BY r.record_key, r.source_id, n.file_id, r.line

-- name: publicity_item
SELECT CASE WHEN r.subject_kind = 'organisation' THEN r.record_key END AS record_key, r.entity_id, r.list, CASE
  WHEN r.subject_kind = 'organisation' THEN r.document_no END AS document_no, r.category, r.subject_kind,
  r.decided_on, r.published_on, r.valid_until, r.publicity_ends_on, r.fine_amount, r.confiscated_amount,
  r.visits, r.withdrawn_on, r.source_id, n.file_id, r.line, r.flags, r.valid_from, r.valid_to, r.known_from
FROM known.publicity_item r LEFT JOIN draft.publish_file_number n ON n.held_id = r.file_id
ORDER BY r.record_key, r.source_id, n.file_id, r.line

-- name: decision_procedure
SELECT r.record_key, r.entity_id, r.decided_on, r.published_on, r.public_participation, r.expert_argument,
  r.risk_assessment, r.legality_review, r.compliance_review, r.collective_discussion, r.source_id, n.file_id,
  r.line, r.flags, r.valid_from, r.valid_to, r.known_from
FROM known.decision_procedure r LEFT JOIN draft.publish_file_number n ON n.held_id = r.file_id
ORDER BY r.record_key, r.source_id, n.file_id, r.line

-- name: proposal
SELECT r.record_key, r.entity_id, r.kind, r.topic, r.assigned_on, r.due_on, r.replied_on, r.satisfaction,
  r.outcome, r.source_id, n.file_id, r.line, r.flags, r.valid_from, r.valid_to, r.known_from
FROM known.proposal r LEFT JOIN draft.publish_file_number n ON n.held_id = r.file_id
ORDER BY r.record_key, r.source_id, n.file_id, r.line

-- name: contract
SELECT r.record_key, r.entity_id, r.kind, r.project_no, r.stage, r.amount, r.evaluation_report_on,
  r.candidates_published_on, r.award_notice_on, r.award_published_on, r.signed_on, r.contract_published_on,
  r.filed_on, r.challenge_received_on, r.challenge_answered_on, r.delivered_on, r.accepted_on, r.payment_due_on,
  r.paid_on, r.paid_amount, r.agreed_payment_days, r.supplier_is_sme, r.agency_disclosed_on, r.outcome,
  r.outcome_on, r.breach_by, r.breach_stage, r.responsible_role, r.compensation_due, r.compensation_paid,
  r.source_id, n.file_id, r.line, r.flags, r.valid_from, r.valid_to, r.known_from
FROM known.contract r LEFT JOIN draft.publish_file_number n ON n.held_id = r.file_id
ORDER BY r.record_key, r.source_id, n.file_id, r.line

-- name: debt_position
SELECT r.record_key, r.entity_id, r.as_at, r.frequency, r.currency, r.scope, r.general_debt, r.special_debt,
  r.hidden_debt, r.total_debt, r.general_debt_limit, r.special_debt_limit, r.debt_limit,
  r.comprehensive_resources, r.principal_due, r.principal_paid, r.interest_due, r.interest_paid,
  r.general_interest, r.special_interest, r.overdue_debt, r.guarantees, r.budget_revenue, r.budget_spending,
  r.tax_revenue, r.transfer_revenue, r.fund_revenue, r.fund_spending, r.debt_service, r.gdp, r.fund_balance,
  r.unassigned_fund_balance, r.unrestricted_fund_balance, r.operating_result, r.net_position,
  r.pension_liability, r.other_benefit_liability, r.tax_levied, r.tax_collected, r.tax_base, r.population,
  r.external_rating, r.source_grade, r.source_id, n.file_id, r.line, r.flags, r.valid_from, r.valid_to,
  r.known_from
FROM known.debt_position r LEFT JOIN draft.publish_file_number n ON n.held_id = r.file_id
ORDER BY r.record_key, r.source_id, n.file_id, r.line

-- name: debt_position-open
-- Without what governments do not publish: hidden debt, what was not paid when due, guarantees and ratings.
SELECT * REPLACE (nullif(hidden_debt, hidden_debt) AS hidden_debt, nullif(overdue_debt, overdue_debt) AS overdue_debt,
  nullif(principal_paid, principal_paid) AS principal_paid, nullif(interest_paid, interest_paid) AS interest_paid,
  nullif(guarantees, guarantees) AS guarantees, nullif(external_rating, external_rating) AS external_rating,
  nullif(source_grade, source_grade) AS source_grade)
FROM ({{whole}}) WHERE scope IS DISTINCT FROM 'with_hidden'
ORDER BY record_key, source_id, file_id, line

-- name: training
SELECT r.record_key, r.entity_id, r.held_on, r.staff_total, r.staff_trained, r.hours, r.topic, r.source_id,
  n.file_id, r.line, r.flags, r.valid_from, r.valid_to, r.known_from
FROM known.training r LEFT JOIN draft.publish_file_number n ON n.held_id = r.file_id
ORDER BY r.record_key, r.source_id, n.file_id, r.line

-- name: inspection
SELECT r.record_key, r.entity_id, r.kind, r.planned_on, r.drawn_at_random, r.done_on, r.result_published_on,
  r.findings, r.findings_corrected, r.correction_due_on, r.source_id, n.file_id, r.line, r.flags, r.valid_from,
  r.valid_to, r.known_from
FROM known.inspection r LEFT JOIN draft.publish_file_number n ON n.held_id = r.file_id
ORDER BY r.record_key, r.source_id, n.file_id, r.line

-- name: honour
SELECT r.record_key, r.entity_id, r.title, r.rank, r.awarded_on, r.revoked_on, r.source_id, n.file_id, r.line,
  r.flags, r.valid_from, r.valid_to, r.known_from
FROM known.honour r LEFT JOIN draft.publish_file_number n ON n.held_id = r.file_id
ORDER BY r.record_key, r.source_id, n.file_id, r.line

-- name: task
SELECT r.record_key, r.entity_id, r.kind, r.assigned_on, r.due_on, r.done_on, r.progress, r.responsible_named,
  r.source_id, n.file_id, r.line, r.flags, r.valid_from, r.valid_to, r.known_from
FROM known.task r LEFT JOIN draft.publish_file_number n ON n.held_id = r.file_id
ORDER BY r.record_key, r.source_id, n.file_id, r.line

-- name: third_party_rating
SELECT r.record_key, r.entity_id, r.rater, r.score, r.score_max, r.grade, r.rated_on, r.published_on,
  r.source_id, n.file_id, r.line, r.flags, r.valid_from, r.valid_to, r.known_from
FROM known.third_party_rating r LEFT JOIN draft.publish_file_number n ON n.held_id = r.file_id
ORDER BY r.record_key, r.source_id, n.file_id, r.line

-- name: service_commitment
SELECT r.record_key, r.entity_id, r.field, r.promised_on, r.disclosed_on, r.due_on, r.fulfilled_on,
  r.satisfaction, r.source_id, n.file_id, r.line, r.flags, r.valid_from, r.valid_to, r.known_from
FROM known.service_commitment r LEFT JOIN draft.publish_file_number n ON n.held_id = r.file_id
ORDER BY r.record_key, r.source_id, n.file_id, r.line

-- name: observation
SELECT r.record_key, r.entity_id, r.measure, r.as_at, r.value, r.source_id, n.file_id, r.line, r.flags,
  r.valid_from, r.valid_to, r.known_from
FROM known.observation r LEFT JOIN draft.publish_file_number n ON n.held_id = r.file_id
ORDER BY r.record_key, r.source_id, n.file_id, r.line
