-- Runs, and what the checks found; passes too.
CREATE SCHEMA scores;
CREATE SCHEMA checks;

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
