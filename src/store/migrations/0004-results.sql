-- Results of checks, measured facts, and scores. Every row belongs to one run, or to one computation that runs share.
CREATE SCHEMA checks;
CREATE SCHEMA facts;
CREATE SCHEMA scores;

CREATE TABLE scores.run (
  run_id VARCHAR PRIMARY KEY,         -- hash of pipeline, period, as-of, standard and inputs: the same question has the same id
  pipeline VARCHAR NOT NULL, jurisdiction VARCHAR NOT NULL, period VARCHAR NOT NULL, as_of TIMESTAMP NOT NULL,
  standard_id VARCHAR NOT NULL, standard_hash VARCHAR NOT NULL, input_hash VARCHAR NOT NULL, code_version VARCHAR NOT NULL,
  state VARCHAR NOT NULL              -- started, checked, measured, scored, published
);

CREATE TABLE checks.result (          -- passes too
  run_id VARCHAR NOT NULL, check_id VARCHAR NOT NULL, source_id VARCHAR, severity VARCHAR NOT NULL, -- stop, warn
  passed BOOLEAN NOT NULL, failing_rows BIGINT NOT NULL, observed VARCHAR, expected VARCHAR,
  message_zh VARCHAR NOT NULL, message_en VARCHAR NOT NULL
);
CREATE TABLE checks.failing_row (
  run_id VARCHAR NOT NULL, check_id VARCHAR NOT NULL, source_id VARCHAR, record_key VARCHAR, file_id INTEGER, line BIGINT, detail VARCHAR
);
CREATE TABLE checks.source_state (    -- what each source contributed to a run
  run_id VARCHAR NOT NULL, source_id VARCHAR NOT NULL, state VARCHAR NOT NULL, -- fresh, stale, failed, absent
  message_zh VARCHAR, message_en VARCHAR,
  files BIGINT NOT NULL, rows_received BIGINT NOT NULL, rows_loaded BIGINT NOT NULL, rows_quarantined BIGINT NOT NULL,
  rows_duplicate BIGINT NOT NULL, rows_corrected BIGINT NOT NULL, rows_flagged BIGINT NOT NULL, newest_known TIMESTAMP, newest_valid DATE
);

CREATE TABLE facts.computation (      -- one indicator measured for one period; found again by its fingerprint
  fingerprint VARCHAR PRIMARY KEY, indicator_id VARCHAR NOT NULL, period VARCHAR NOT NULL
);
CREATE TABLE facts.run_computation (
  run_id VARCHAR NOT NULL, indicator_id VARCHAR NOT NULL, period VARCHAR NOT NULL, fingerprint VARCHAR NOT NULL
);
CREATE TABLE facts.value (            -- one row per entity × period × indicator, for the entities of the indicator's levels
  fingerprint VARCHAR NOT NULL, entity_id VARCHAR NOT NULL,
  state VARCHAR NOT NULL,             -- assessed, not_applicable, too_few, no_data
  numerator DECIMAL(38,6), denominator DECIMAL(38,6), value DOUBLE, sample_size BIGINT NOT NULL, excluded BIGINT NOT NULL
);
CREATE TABLE facts.category (         -- the same numerators and denominators, by category of the evidence
  fingerprint VARCHAR NOT NULL, entity_id VARCHAR NOT NULL, category VARCHAR NOT NULL,
  numerator DECIMAL(38,6), denominator DECIMAL(38,6), sample_size BIGINT NOT NULL
);
CREATE TABLE facts.item (             -- single records, for indicators that list rather than count
  fingerprint VARCHAR NOT NULL, entity_id VARCHAR NOT NULL, category VARCHAR NOT NULL,
  record_key VARCHAR NOT NULL, occurred_on DATE NOT NULL, amount DECIMAL(38,6), file_id INTEGER NOT NULL, line BIGINT NOT NULL
);

CREATE TABLE scores.node (            -- one row per entity × period × node of the standard's tree (index, dimension, indicator)
  run_id VARCHAR NOT NULL, period VARCHAR NOT NULL, entity_id VARCHAR NOT NULL,
  node_id VARCHAR NOT NULL, node_level VARCHAR NOT NULL, parent_node VARCHAR,
  state VARCHAR NOT NULL, raw_value DOUBLE, score DOUBLE, nominal_weight DOUBLE, effective_weight DOUBLE, coverage DOUBLE
);
CREATE TABLE scores.contribution (    -- points; for one entity and period they sum to its index exactly
  run_id VARCHAR NOT NULL, period VARCHAR NOT NULL, entity_id VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,              -- indicator, deduction, bonus, limit
  node_id VARCHAR NOT NULL,           -- indicator id, or the id of the deduction, bonus or limit in the standard
  points DOUBLE NOT NULL              -- a multiple of 2^-40, so that sums and differences of doubles are exact
);
CREATE TABLE scores.contribution_detail (  -- the same points split by record or category; sums to its contribution exactly
  run_id VARCHAR NOT NULL, period VARCHAR NOT NULL, entity_id VARCHAR NOT NULL,
  kind VARCHAR NOT NULL, node_id VARCHAR NOT NULL,
  detail_kind VARCHAR NOT NULL,       -- record, category, rest
  detail VARCHAR NOT NULL,            -- record key, category, or '' for what no category explains
  occurred_on DATE, file_id INTEGER, line BIGINT,
  points DOUBLE NOT NULL
);
CREATE TABLE scores.rank (
  run_id VARCHAR NOT NULL, period VARCHAR NOT NULL, entity_id VARCHAR NOT NULL, level VARCHAR NOT NULL, peer_class VARCHAR NOT NULL,
  state VARCHAR NOT NULL,             -- ranked, not_ranked
  score DOUBLE, rank INTEGER, ranked_of INTEGER, grade VARCHAR, grade_before_veto VARCHAR, vetoed_by VARCHAR,
  coverage DOUBLE NOT NULL,
  score_previous DOUBLE, rank_previous INTEGER, score_last_year DOUBLE, rank_last_year INTEGER,
  reason_zh VARCHAR, reason_en VARCHAR
);
