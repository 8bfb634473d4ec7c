-- The raw layer: what was received, byte for byte, and what was refused of it.
-- Rows themselves live in content-addressed Parquet files under DATA_DIR/<jurisdiction>/raw/<source>/<hash>.parquet;
-- these tables say which files there are, and the view raw.<source> (made at pull) reads them all.
CREATE SCHEMA raw;
CREATE SCHEMA quarantine;

CREATE TABLE raw.batch (
  batch_id     VARCHAR PRIMARY KEY,   -- sha-256 of the source id and the hashes of its files, in order
  source_id    VARCHAR NOT NULL,
  received_at  TIMESTAMP NOT NULL     -- local civil time of the jurisdiction
);

CREATE TABLE raw.file (
  file_id      INTEGER PRIMARY KEY,
  batch_id     VARCHAR NOT NULL,
  source_id    VARCHAR NOT NULL,
  file_name    VARCHAR NOT NULL,      -- path below the connector's folder, as received
  file_hash    VARCHAR NOT NULL,      -- sha-256 of the bytes as received, lower-case hex
  bytes        BIGINT NOT NULL,
  format       VARCHAR NOT NULL,
  row_count    BIGINT NOT NULL,
  parquet_path VARCHAR NOT NULL,      -- relative to the jurisdiction's data folder
  received_at  TIMESTAMP NOT NULL,
  conformed    BOOLEAN NOT NULL DEFAULT false,   -- its good rows are in core
  refused_because VARCHAR,            -- why the file as a whole went no further: a Chinese sentence, a line end, an English one
  refused_by   VARCHAR,               -- conform: judged again when the definition changes; check: with every delivery; empty: it could not be read at all
  definition_hash VARCHAR,            -- what conform judged it by: the mapping, its code lists, the entity codes, the stop checks
  rows_accepted BIGINT,               -- rows that passed the mapping, duplicates included
  rows_skipped BIGINT,                -- rows the source says are not for this kind
  UNIQUE (source_id, file_hash)
);

CREATE TABLE quarantine.row (
  source_id    VARCHAR NOT NULL,
  file_id      INTEGER NOT NULL,
  line         BIGINT NOT NULL,
  column_name  VARCHAR,               -- the column as the source names it
  value        VARCHAR,               -- masked when the column holds personal data
  reason       VARCHAR NOT NULL,      -- code: unreadable, missing, bad-date, bad-number, bad-boolean, unknown-code, unknown-entity, ambiguous-entity, expired-code, out-of-range, conflict
  message_zh   VARCHAR NOT NULL,
  message_en   VARCHAR NOT NULL
);
