-- The core layer: one table per record kind, bitemporal.
-- valid_from / valid_to: when the fact was true in the world. known_from / known_to: when we knew it.
-- Both are half-open: valid_to is the first day on which it was no longer true; NULL: still so.
-- A correction closes known_to of the old version and adds a new one; nothing is ever overwritten.
-- Money is in yuan (or the currency named) as DECIMAL, so that sums are exact in any order.
CREATE SCHEMA core;
CREATE SCHEMA known;
CREATE SCHEMA restricted;

CREATE TABLE core.calendar_day (
  day           DATE PRIMARY KEY,
  is_working    BOOLEAN NOT NULL,
  working_days  INTEGER NOT NULL,     -- working days from the calendar's first day up to and including this one
  note          VARCHAR
);

CREATE TABLE core.entity (
  record_key VARCHAR NOT NULL,        -- = entity_id
  entity_id VARCHAR NOT NULL,         -- GB/T 2260 code or unified social credit code
  level VARCHAR NOT NULL,             -- district, department, township (a street or a town), or what another jurisdiction calls its levels
  kind VARCHAR,                       -- finer: district, county-city, department, street, town
  name_zh VARCHAR NOT NULL, name_en VARCHAR NOT NULL,
  parent_id VARCHAR, peer_class VARCHAR NOT NULL,
  division_code VARCHAR, uscc VARCHAR, population BIGINT, staff BIGINT,
  scored BOOLEAN NOT NULL DEFAULT true,
  source_id VARCHAR NOT NULL, file_id INTEGER NOT NULL, line BIGINT NOT NULL, row_hash VARCHAR NOT NULL, flags VARCHAR[],
  valid_from DATE NOT NULL, valid_to DATE, known_from TIMESTAMP NOT NULL, known_to TIMESTAMP
);

CREATE TABLE core.entity_code (       -- every code an entity has answered to, with the days it was in force
  record_key VARCHAR NOT NULL,
  code VARCHAR NOT NULL, scheme VARCHAR NOT NULL,   -- gb2260, uscc, name, local
  entity_id VARCHAR NOT NULL,
  source_id VARCHAR NOT NULL, file_id INTEGER NOT NULL, line BIGINT NOT NULL, row_hash VARCHAR NOT NULL, flags VARCHAR[],
  valid_from DATE NOT NULL, valid_to DATE, known_from TIMESTAMP NOT NULL, known_to TIMESTAMP
);

CREATE TABLE core.complaint (
  record_key VARCHAR NOT NULL,        -- order number
  entity_id VARCHAR NOT NULL,         -- the handling body
  channel VARCHAR, category VARCHAR, subcategory VARCHAR,
  received_at TIMESTAMP NOT NULL, forwarded_at TIMESTAMP, signed_at TIMESTAMP, responded_at TIMESTAMP,
  due_at TIMESTAMP, closed_at TIMESTAMP,
  resolved BOOLEAN, satisfaction VARCHAR,           -- satisfied, basically_satisfied, dissatisfied
  returned BOOLEAN, reopened BOOLEAN, repeat_of VARCHAR,
  caller_ref VARCHAR,                 -- pseudonym
  source_id VARCHAR NOT NULL, file_id INTEGER NOT NULL, line BIGINT NOT NULL, row_hash VARCHAR NOT NULL, flags VARCHAR[],
  valid_from DATE NOT NULL, valid_to DATE, known_from TIMESTAMP NOT NULL, known_to TIMESTAMP
);

CREATE TABLE core.dishonesty_record (
  record_key VARCHAR NOT NULL, entity_id VARCHAR NOT NULL,
  record_type VARCHAR NOT NULL,       -- violation, breach, judgment, judgment_debtor, penalty, discipline, accountability
  severity VARCHAR NOT NULL,          -- minor, general, serious
  field VARCHAR,                      -- procurement, ppp, tender, investment, debt, township, other
  subject_kind VARCHAR NOT NULL,      -- organ, official
  person_ref VARCHAR,                 -- pseudonym, for officials
  basis VARCHAR, document_no VARCHAR, issuing_body VARCHAR,
  decided_on DATE NOT NULL, act_ended_on DATE,
  state VARCHAR NOT NULL,             -- lead, verified, rectification_ordered, confirmed, published, disputed, upheld, corrected, revoked, repaired, expired
  state_on DATE, published_on DATE, repaired_on DATE, objection_filed_on DATE, objection_answered_on DATE,
  obligation_amount DECIMAL(18,2), performance VARCHAR,   -- none, partial, full
  source_id VARCHAR NOT NULL, file_id INTEGER NOT NULL, line BIGINT NOT NULL, row_hash VARCHAR NOT NULL, flags VARCHAR[],
  valid_from DATE NOT NULL, valid_to DATE, known_from TIMESTAMP NOT NULL, known_to TIMESTAMP
);

CREATE TABLE core.commitment (
  record_key VARCHAR NOT NULL, entity_id VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,              -- quality, deadline, guarantee
  field VARCHAR, made_on DATE NOT NULL, disclosed_on DATE, due_on DATE NOT NULL, fulfilled_on DATE,
  state VARCHAR NOT NULL,             -- open, fulfilled, late, broken, withdrawn
  source_id VARCHAR NOT NULL, file_id INTEGER NOT NULL, line BIGINT NOT NULL, row_hash VARCHAR NOT NULL, flags VARCHAR[],
  valid_from DATE NOT NULL, valid_to DATE, known_from TIMESTAMP NOT NULL, known_to TIMESTAMP
);

CREATE TABLE core.publicity_item (
  record_key VARCHAR NOT NULL, entity_id VARCHAR NOT NULL,
  list VARCHAR NOT NULL,              -- licence, penalty
  document_no VARCHAR NOT NULL, document_name VARCHAR, category VARCHAR,
  subject_kind VARCHAR,               -- organisation, person, sole_trader
  subject_uscc VARCHAR, subject_name VARCHAR,        -- organisations only
  person_ref VARCHAR,                 -- pseudonym
  decided_on DATE NOT NULL, published_on DATE, valid_until DATE, publicity_ends_on DATE,
  fine_amount DECIMAL(18,2), confiscated_amount DECIMAL(18,2),   -- yuan
  visits INTEGER,                     -- times the applicant had to come in person (licences)
  withdrawn_on DATE,
  source_id VARCHAR NOT NULL, file_id INTEGER NOT NULL, line BIGINT NOT NULL, row_hash VARCHAR NOT NULL, flags VARCHAR[],
  valid_from DATE NOT NULL, valid_to DATE, known_from TIMESTAMP NOT NULL, known_to TIMESTAMP
);

CREATE TABLE core.decision_procedure (
  record_key VARCHAR NOT NULL, entity_id VARCHAR NOT NULL,
  title VARCHAR, decided_on DATE NOT NULL, published_on DATE,
  -- the six required steps of clause A1; NULL: lawfully not required for this decision
  public_participation BOOLEAN, expert_argument BOOLEAN, risk_assessment BOOLEAN,
  legality_review BOOLEAN, compliance_review BOOLEAN, collective_discussion BOOLEAN,
  source_id VARCHAR NOT NULL, file_id INTEGER NOT NULL, line BIGINT NOT NULL, row_hash VARCHAR NOT NULL, flags VARCHAR[],
  valid_from DATE NOT NULL, valid_to DATE, known_from TIMESTAMP NOT NULL, known_to TIMESTAMP
);

CREATE TABLE core.proposal (
  record_key VARCHAR NOT NULL, entity_id VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,              -- congress_suggestion, cppcc_proposal
  topic VARCHAR, assigned_on DATE NOT NULL, due_on DATE NOT NULL, replied_on DATE,
  satisfaction VARCHAR,               -- satisfied, basically_satisfied, dissatisfied
  outcome VARCHAR,                    -- implemented, planned, explained
  source_id VARCHAR NOT NULL, file_id INTEGER NOT NULL, line BIGINT NOT NULL, row_hash VARCHAR NOT NULL, flags VARCHAR[],
  valid_from DATE NOT NULL, valid_to DATE, known_from TIMESTAMP NOT NULL, known_to TIMESTAMP
);

CREATE TABLE core.contract (
  record_key VARCHAR NOT NULL, entity_id VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,              -- procurement, ppp, tender, investment
  project_no VARCHAR, title VARCHAR, stage VARCHAR,  -- preparation, tender, procurement, financing, implementation, closed
  amount DECIMAL(20,2),
  evaluation_report_on DATE, candidates_published_on DATE,
  award_notice_on DATE, award_published_on DATE,
  signed_on DATE, contract_published_on DATE, filed_on DATE,
  challenge_received_on DATE, challenge_answered_on DATE,
  delivered_on DATE, accepted_on DATE, payment_due_on DATE, paid_on DATE, paid_amount DECIMAL(20,2),
  agreed_payment_days INTEGER, supplier_is_sme BOOLEAN, supplier_uscc VARCHAR, supplier_name VARCHAR,
  agency_uscc VARCHAR, agency_name VARCHAR, agency_disclosed_on DATE,
  outcome VARCHAR,                    -- kept, changed_lawfully, broken, open
  outcome_on DATE, breach_by VARCHAR, -- government, counterparty
  breach_reason VARCHAR, breach_stage VARCHAR, responsible_role VARCHAR,
  compensation_due DECIMAL(20,2), compensation_paid DECIMAL(20,2),
  source_id VARCHAR NOT NULL, file_id INTEGER NOT NULL, line BIGINT NOT NULL, row_hash VARCHAR NOT NULL, flags VARCHAR[],
  valid_from DATE NOT NULL, valid_to DATE, known_from TIMESTAMP NOT NULL, known_to TIMESTAMP
);

CREATE TABLE core.debt_position (
  record_key VARCHAR NOT NULL, entity_id VARCHAR NOT NULL,
  as_at DATE NOT NULL, frequency VARCHAR NOT NULL,   -- month, quarter, year: the span that the flows below cover, ending at as_at
  currency VARCHAR NOT NULL DEFAULT 'CNY', scope VARCHAR NOT NULL DEFAULT 'statutory', -- statutory, with_hidden
  general_debt DECIMAL(24,2), special_debt DECIMAL(24,2), hidden_debt DECIMAL(24,2), total_debt DECIMAL(24,2),
  general_debt_limit DECIMAL(24,2), special_debt_limit DECIMAL(24,2), debt_limit DECIMAL(24,2),
  comprehensive_resources DECIMAL(24,2),
  principal_due DECIMAL(24,2), principal_paid DECIMAL(24,2), interest_due DECIMAL(24,2), interest_paid DECIMAL(24,2),
  general_interest DECIMAL(24,2), special_interest DECIMAL(24,2),
  overdue_debt DECIMAL(24,2), guarantees DECIMAL(24,2),
  budget_revenue DECIMAL(24,2), budget_spending DECIMAL(24,2), tax_revenue DECIMAL(24,2), transfer_revenue DECIMAL(24,2),
  fund_revenue DECIMAL(24,2), fund_spending DECIMAL(24,2), debt_service DECIMAL(24,2), gdp DECIMAL(24,2),
  fund_balance DECIMAL(24,2), unassigned_fund_balance DECIMAL(24,2), unrestricted_fund_balance DECIMAL(24,2), operating_result DECIMAL(24,2),
  net_position DECIMAL(24,2), pension_liability DECIMAL(24,2), other_benefit_liability DECIMAL(24,2),
  tax_levied DECIMAL(24,2), tax_collected DECIMAL(24,2), tax_base DECIMAL(24,2), population BIGINT,
  external_rating VARCHAR, source_grade VARCHAR,
  source_id VARCHAR NOT NULL, file_id INTEGER NOT NULL, line BIGINT NOT NULL, row_hash VARCHAR NOT NULL, flags VARCHAR[],
  valid_from DATE NOT NULL, valid_to DATE, known_from TIMESTAMP NOT NULL, known_to TIMESTAMP
);

CREATE TABLE core.training (
  record_key VARCHAR NOT NULL, entity_id VARCHAR NOT NULL,
  held_on DATE NOT NULL, staff_total INTEGER NOT NULL, staff_trained INTEGER NOT NULL, hours DECIMAL(8,2), topic VARCHAR,
  source_id VARCHAR NOT NULL, file_id INTEGER NOT NULL, line BIGINT NOT NULL, row_hash VARCHAR NOT NULL, flags VARCHAR[],
  valid_from DATE NOT NULL, valid_to DATE, known_from TIMESTAMP NOT NULL, known_to TIMESTAMP
);

CREATE TABLE core.inspection (
  record_key VARCHAR NOT NULL, entity_id VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,              -- double_random, assessment (clause D3)
  planned_on DATE NOT NULL, drawn_at_random BOOLEAN, done_on DATE, result_published_on DATE,
  findings INTEGER, findings_corrected INTEGER, correction_due_on DATE,
  source_id VARCHAR NOT NULL, file_id INTEGER NOT NULL, line BIGINT NOT NULL, row_hash VARCHAR NOT NULL, flags VARCHAR[],
  valid_from DATE NOT NULL, valid_to DATE, known_from TIMESTAMP NOT NULL, known_to TIMESTAMP
);

CREATE TABLE core.honour (
  record_key VARCHAR NOT NULL, entity_id VARCHAR NOT NULL,
  title VARCHAR NOT NULL, rank VARCHAR NOT NULL,     -- national, provincial, municipal
  awarded_on DATE NOT NULL, revoked_on DATE,
  source_id VARCHAR NOT NULL, file_id INTEGER NOT NULL, line BIGINT NOT NULL, row_hash VARCHAR NOT NULL, flags VARCHAR[],
  valid_from DATE NOT NULL, valid_to DATE, known_from TIMESTAMP NOT NULL, known_to TIMESTAMP
);

CREATE TABLE core.task (
  record_key VARCHAR NOT NULL, entity_id VARCHAR NOT NULL,
  title VARCHAR, kind VARCHAR,        -- organisation (D1), institution (D2), credit_report_use (A6), other
  assigned_on DATE NOT NULL, due_on DATE NOT NULL, done_on DATE, progress DECIMAL(5,2),
  responsible_named BOOLEAN,
  source_id VARCHAR NOT NULL, file_id INTEGER NOT NULL, line BIGINT NOT NULL, row_hash VARCHAR NOT NULL, flags VARCHAR[],
  valid_from DATE NOT NULL, valid_to DATE, known_from TIMESTAMP NOT NULL, known_to TIMESTAMP
);

CREATE TABLE core.third_party_rating (
  record_key VARCHAR NOT NULL, entity_id VARCHAR NOT NULL,
  rater VARCHAR NOT NULL, score DECIMAL(9,4), score_max DECIMAL(9,4), grade VARCHAR,
  rated_on DATE NOT NULL, published_on DATE,
  source_id VARCHAR NOT NULL, file_id INTEGER NOT NULL, line BIGINT NOT NULL, row_hash VARCHAR NOT NULL, flags VARCHAR[],
  valid_from DATE NOT NULL, valid_to DATE, known_from TIMESTAMP NOT NULL, known_to TIMESTAMP
);

CREATE TABLE core.service_commitment (
  record_key VARCHAR NOT NULL, entity_id VARCHAR NOT NULL,
  field VARCHAR NOT NULL,             -- employment, property, schooling, family_planning, elderly, disability, poverty, health_insurance, housing, travel, parking, fire_theft, military_families, convenience
  promised_on DATE NOT NULL, disclosed_on DATE, due_on DATE NOT NULL, fulfilled_on DATE,
  satisfaction VARCHAR,
  source_id VARCHAR NOT NULL, file_id INTEGER NOT NULL, line BIGINT NOT NULL, row_hash VARCHAR NOT NULL, flags VARCHAR[],
  valid_from DATE NOT NULL, valid_to DATE, known_from TIMESTAMP NOT NULL, known_to TIMESTAMP
);

-- Rows that made no version of their own: said again unchanged, or outvoted by a row of the same key and known_from.
-- They are kept so that the versions come out the same in whatever order files arrive.
CREATE TABLE core.sighting (
  source_id VARCHAR NOT NULL, record_key VARCHAR NOT NULL, row_hash VARCHAR NOT NULL,
  file_id INTEGER NOT NULL, line BIGINT NOT NULL, known_from TIMESTAMP NOT NULL,
  outcome VARCHAR NOT NULL            -- duplicate, conflict
);

-- Personal data stays here: measure and later stages never read this schema.
CREATE TABLE restricted.person (
  person_ref VARCHAR NOT NULL,        -- keyed HMAC of the identifying value
  role VARCHAR NOT NULL,              -- caller, subject, legal_representative, official
  field VARCHAR NOT NULL,             -- name, id_number, phone, address
  value VARCHAR NOT NULL,
  source_id VARCHAR NOT NULL,
  retained_until DATE NOT NULL        -- deleted by the first run whose as-of day is later
);

-- GB 32100-2015: 18 characters without I O S V Z; the last is the check of all, characters 9 to 17 carry that of GB 11714.
CREATE MACRO uscc_is_valid(code) AS (
  regexp_full_match(code, '[0-9ABCDEFGHJKLMNPQRTUWXY]{18}')
  AND substr(code, 18, 1) = substr('0123456789ABCDEFGHJKLMNPQRTUWXY', 1 + (31 - CAST(list_sum(list_transform(range(1, 18),
    lambda i: (instr('0123456789ABCDEFGHJKLMNPQRTUWXY', substr(code, i, 1)) - 1)
      * [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28][i])) AS INTEGER) % 31) % 31, 1)
  AND substr(code, 17, 1) = substr('0123456789X0', 12 - CAST(list_sum(list_transform(range(1, 9),
    lambda i: (instr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', substr(code, 8 + i, 1)) - 1)
      * [3, 7, 9, 10, 5, 8, 4, 2][i])) AS INTEGER) % 11, 1));
